import { Skeleton } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import { ActionButton } from "@/components/ActionButton";
import { EmptyState } from "@/components/EmptyState";
import { ProblemState } from "@/components/ProblemState";
import { sentenceOf } from "@/lib/api/problem";
import { type Joined, joinIdentities, type Seen, takeBack } from "../api/joinIdentities";
import { type Found, type SearchAnswer, searchKey, useSearch } from "../api/searchTracklets";
import { uploadPicture } from "../api/uploadPicture";
import { useSearchActions } from "../hooks/useSearchActions";
import { type Question, type SearchFilter, stepped } from "../question";
import { AskedAbout } from "./AskedAbout";
import classes from "./Search.module.css";
import { SearchFilters } from "./SearchFilters";
import { SearchGrid } from "./SearchGrid";

interface Props {
  sceneId: number;
  runId: number;
  question: Question | null;
  filter: SearchFilter;
  cameras: readonly { readonly id: number; readonly name: string }[];
  /** Why this person cannot join identities here; null where they can. */
  mayNotJoin: string | null;
  readTime: (seconds: number) => string;
  secondsOf: (text: string) => number | null;
  /** Pictures of the identity that is asked about. */
  pictures: readonly string[];
  /** The identity that is asked about, as it is shown; null where that is not known. */
  seen: Seen | null;
  onQuestion: (question: Question) => void;
  onFilter: (changes: Partial<SearchFilter>) => void;
  onWatch: (found: Found) => void;
  /** A join, or its taking back, is stored: other pages have to know. */
  onStored: (given: Joined) => void;
  /** A join was refused: what is shown is read again. */
  onRefused: () => void;
}

const NONE: readonly Found[] = [];

/** Why the result cannot be joined to the identity that is asked about; null where it can. */
function whyNotJoin(
  answer: SearchAnswer | undefined,
  found: Found | undefined,
  general: string | null,
): string | null {
  if (general) return general;
  if (!found) return "nothing is selected";
  if (!answer?.identity) return "a picture has no identity; search with a tracklet or an identity";
  if (found.identity === null) return "the run has not been matched yet";
  return found.identity === answer.identity ? "it is of this identity already" : null;
}

/** A search: what is asked about, what narrows it, and the results as a grid that keys move over. */
export function SearchDesk(props: Props) {
  const { sceneId, runId, question, filter, onQuestion, onFilter, onStored } = props;
  const queries = useQueryClient();
  const search = useSearch(runId, question, filter);
  const results = search.data?.results ?? NONE;
  const [chosen, setChosen] = useState({ question, place: 0 });
  const place = chosen.question === question ? Math.min(chosen.place, Math.max(results.length - 1, 0)) : 0;
  const select = useCallback((to: number) => setChosen({ question, place: to }), [question]);
  const selected = results[place];
  const columns = useRef(1);
  const onColumns = useCallback((count: number) => {
    columns.current = count;
  }, []);
  const file = useRef<HTMLInputElement>(null);

  const stored = (given: Joined): void => {
    void queries.invalidateQueries({ queryKey: searchKey(runId) });
    onStored(given);
  };
  // What went wrong is said until something else is begun, or asked about.
  const [failed, setFailed] = useState<{ question: Question | null; error: Error } | null>(null);
  const onMutate = () => setFailed(null);
  const onError = (error: Error) => setFailed({ question, error });
  const join = useMutation({
    onMutate,
    mutationFn: ([asked, found]: [number, number]) => {
      const seen = props.seen?.number === asked ? props.seen : null;
      return joinIdentities(sceneId, runId, [asked, found], seen);
    },
    onSuccess: stored,
    onError: (error) => {
      onError(error);
      void queries.invalidateQueries({ queryKey: searchKey(runId) });
      props.onRefused();
    },
  });
  const undo = useMutation({ onMutate, onError, mutationFn: takeBack, onSuccess: stored });
  const upload = useMutation({
    onMutate,
    onError,
    mutationFn: (picture: File) => uploadPicture(runId, picture),
  });
  // Where the page was left meanwhile, nobody waits for what is like the picture.
  const bring = (picture: File): void =>
    upload.mutate(picture, { onSuccess: ({ id }) => onQuestion({ kind: "picture", about: id }) });

  const isBusy = join.isPending || undo.isPending ? "the last one is being stored" : null;
  const lastJoin = undo.isSuccess ? undefined : join.data?.operation;
  const notJoin = whyNotJoin(search.data, selected, props.mayNotJoin ?? isBusy);
  useSearchActions(
    {
      move: (rows, across) => select(stepped(place, rows * columns.current + across, results.length)),
      join: () => {
        if (!selected || !search.data?.identity || selected.identity === null) return;
        undo.reset();
        join.mutate([search.data.identity, selected.identity]);
      },
      undo: () => lastJoin && undo.mutate(lastJoin.id),
      findSimilar: () => selected && onQuestion({ kind: "tracklet", about: selected.tracklet.id }),
      watch: () => selected && props.onWatch(selected),
      bringPicture: () => file.current?.click(),
    },
    {
      join: notJoin,
      undo: lastJoin ? isBusy : "nothing was joined here",
      selected: selected ? null : "nothing is selected",
    },
  );

  return (
    <>
      <input
        ref={file}
        type="file"
        accept="image/jpeg,image/png"
        hidden
        aria-label="Picture to search with"
        onChange={(event) => {
          const picture = event.currentTarget.files?.[0];
          event.currentTarget.value = "";
          if (picture) bring(picture);
        }}
      />
      <div className={classes.bar}>
        <AskedAbout
          question={question}
          answer={search.data}
          pictures={props.pictures}
          brought={upload.data?.id === question?.about ? upload.variables : undefined}
        />
        <ActionButton action="search-picture" icon="search" withKey>
          {upload.isPending ? "Sending the picture" : "With a picture"}
        </ActionButton>
        <ActionButton action="search-similar" withKey />
        <ActionButton action="search-watch" icon="play" withKey>
          Watch
        </ActionButton>
        <ActionButton action="search-join" icon="check" withKey>
          Same vehicle: join
        </ActionButton>
        <ActionButton action="search-undo" withKey>
          Undo
        </ActionButton>
      </div>
      <SearchFilters
        filter={filter}
        onFilter={onFilter}
        cameras={props.cameras}
        hasIdentity={question?.kind === "tracklet"}
        secondsOf={props.secondsOf}
      />
      <Outcome
        error={failed?.question === question ? failed.error : null}
        joined={lastJoin !== undefined}
        undone={undo.isSuccess}
      />
      {question === null ? (
        <EmptyState title="Search by looks">
          Open a tracklet or an identity and choose “Find similar”, or press P to bring a picture of a
          vehicle.
        </EmptyState>
      ) : (
        <Results search={search}>
          <SearchGrid
            results={results}
            selected={place}
            identity={search.data?.identity ?? null}
            readTime={props.readTime}
            onSelect={select}
            onColumns={onColumns}
          />
        </Results>
      )}
    </>
  );
}

interface ResultsProps {
  search: ReturnType<typeof useSearch>;
  children: React.ReactNode;
}

function Results({ search, children }: ResultsProps) {
  if (search.isBeingDescribed) {
    return <EmptyState title="The picture is being described">It takes a few seconds.</EmptyState>;
  }
  if (search.isError) return <ProblemState error={search.error} onRetry={() => void search.refetch()} />;
  if (!search.data) return <Skeleton height={360} />;
  if (search.data.results.length === 0) {
    return (
      <EmptyState title="Nothing passes the filters">Widen the time, or ask for more cameras.</EmptyState>
    );
  }
  return children;
}

function Outcome({ error, joined, undone }: { error: Error | null; joined: boolean; undone: boolean }) {
  if (error) {
    return (
      <p className={classes.problem} role="alert">
        {sentenceOf(error)}
      </p>
    );
  }
  const done = undone ? "Taken back." : joined ? "Stored: one vehicle now." : "";
  return (
    <p className={classes.done} role="status">
      {done}
    </p>
  );
}
