import { Button, Skeleton } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { EmptyState } from "@/components/EmptyState";
import { ProblemState } from "@/components/ProblemState";
import { sentenceOf } from "@/lib/api/problem";
import { dateAndTime } from "@/lib/format";
import { type Token, useTokens } from "../api/getTokens";
import { useRevokeToken } from "../api/revokeToken";
import classes from "./TokenList.module.css";

/** The person's tokens, each with the button that ends it. */
export function TokenList() {
  const tokens = useTokens();
  if (tokens.isPending) return <Skeleton height={160} />;
  if (tokens.isError && !tokens.data)
    return <ProblemState error={tokens.error} onRetry={() => void tokens.refetch()} />;
  const all = tokens.data.pages.flatMap((page) => page.results);
  if (all.length === 0) {
    return (
      <EmptyState title="No tokens">
        A token lets a script use Crosstrack as you, without your password.
      </EmptyState>
    );
  }
  return (
    <ul className={classes.list}>
      {all.map((token) => (
        <TokenRow key={token.id} token={token} />
      ))}
      {tokens.hasNextPage && (
        <Button variant="subtle" onClick={() => void tokens.fetchNextPage()}>
          More tokens
        </Button>
      )}
    </ul>
  );
}

function TokenRow({ token }: { token: Token }) {
  const revoke = useRevokeToken();
  const facts = [
    token.read_only ? "reads only" : "reads and writes",
    `made ${dateAndTime(token.created_at)}`,
    token.last_used_at ? `last used ${dateAndTime(token.last_used_at)}` : "never used",
    token.expires_at ? `ends ${dateAndTime(token.expires_at)}` : "has no end",
  ];
  const onError = (error: unknown): void => {
    notifications.show({ color: "red", title: "Not revoked", message: sentenceOf(error) });
  };
  return (
    <li className={classes.row}>
      <div>
        <strong>{token.name}</strong> <code className={classes.prefix}>{token.prefix}…</code>
        <p className={classes.facts}>{facts.join(" · ")}</p>
      </div>
      <Button
        size="xs"
        variant="default"
        loading={revoke.isPending}
        onClick={() => revoke.mutate(token.id, { onError })}
        aria-label={`Revoke ${token.name}`}
      >
        Revoke
      </Button>
    </li>
  );
}
