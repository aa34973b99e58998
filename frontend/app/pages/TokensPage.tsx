import { Page } from "@/components/Page";
import { NewToken } from "@/features/tokens/components/NewToken";
import { TokenList } from "@/features/tokens/components/TokenList";

export function TokensPage() {
  return (
    <Page title="Access tokens" tools={<NewToken />}>
      <TokenList />
    </Page>
  );
}
