import { ActionIcon, Button, Select, VisuallyHidden } from "@mantine/core";
import { useMemo, useState } from "react";
import { Link } from "react-router";
import { ActionButton } from "@/components/ActionButton";
import { Icon } from "@/components/Icon";
import type { Schemas } from "@/lib/api/client";
import type { LearnedLink } from "../api/getLearnedLinks";
import { useSaveLinks } from "../api/saveLinks";
import { type Drafting, useDraft } from "../hooks/useDraft";
import { CHOOSE_FIRST, NOTHING_CHANGED, SAVE, useSaveAction } from "../hooks/useSaveAction";
import { useUnsaved } from "../hooks/useUnsaved";
import {
  type DraftLink,
  differs,
  draftOf,
  isSame,
  learnedWindow,
  linksWords,
  ORIGINS,
  problemOf,
  refusalOf,
  sameLinks,
  withLink,
} from "../linkDraft";
import { LinkGraph, type Node } from "./LinkGraph";
import classes from "./LinksEditor.module.css";
import { Newer } from "./Newer";
import { NumberField } from "./NumberField";
import { Refusal } from "./Refusal";
import shared from "./setup.module.css";
import { TransitBars } from "./TransitBars";

interface Props {
  sceneId: number;
  links: readonly Schemas["CameraLink"][];
  /** Of the scene that the links were read with. */
  version: number;
  nodes: readonly Node[];
  learned: readonly LearnedLink[];
  mayChange: boolean;
  onReload: () => void;
}

type Stored = Pick<Props, "links" | "version">;

const DRAFTING: Drafting<Stored, readonly DraftLink[]> = {
  draftOf: ({ links }) => draftOf(links),
  isSame: sameLinks,
};

/** Which camera follows which, and after how long: what runs compare. */
export function LinksEditor({ sceneId, links, version, nodes, learned, mayChange, onReload }: Props) {
  const stored = useMemo(() => ({ links, version }), [links, version]);
  const { base, draft, isChanged, newer, change, ...drafted } = useDraft(stored, DRAFTING);
  const [chosen, setChosen] = useState<DraftLink | null>(null);
  const save = useSaveLinks(sceneId);
  const names = new Map(nodes.map(({ id, name }) => [id, name]));
  useUnsaved(isChanged);
  const problem = problemOf(draft, names);
  const saving = {
    title: "Save the links",
    unavailable: newer ? CHOOSE_FIRST : isChanged ? problem : NOTHING_CHANGED,
    perform: () => {
      drafted.send(draft);
      save.mutate({ links: draft, version: base.version });
    },
    isPending: save.isPending,
  };
  useSaveAction(saving, mayChange);
  const put = (link: DraftLink): void => change(withLink(draft, link));

  function drop(): void {
    drafted.takeTheirs();
    save.reset();
    onReload();
  }

  const unlinked = learned.filter((each) => !draft.some((link) => isSame(link, each)));
  return (
    <div className={classes.columns}>
      <div className={classes.graph}>
        <LinkGraph nodes={nodes} links={draft} chosen={chosen} onChoose={setChosen} />
      </div>
      <div className={classes.side}>
        <p className={shared.note}>
          A run compares a vehicle that leaves one camera with those that appear in the next within the
          window. Negative seconds: the views overlap. Without any link, cameras that are neighbours in their
          order are compared.
        </p>
        <table className={shared.table}>
          <thead>
            <tr>
              <th>From</th>
              <th>To</th>
              <th>After, s</th>
              <th>Until, s</th>
              <th>Set</th>
              <th>Seen in the run</th>
              <th>
                <VisuallyHidden>Take away</VisuallyHidden>
              </th>
            </tr>
          </thead>
          <tbody>
            {draft.map((link) => (
              <Row
                key={`${link.source} ${link.target}`}
                link={link}
                names={names}
                learned={learned.find((each) => isSame(link, each))}
                isChosen={chosen !== null && isSame(chosen, link)}
                onChoose={() => setChosen(link)}
                onChange={mayChange ? put : null}
                onRemove={() => change(draft.filter((each) => !isSame(each, link)))}
              />
            ))}
          </tbody>
        </table>
        {draft.length === 0 && <p className={shared.note}>No link yet.</p>}
        {unlinked.length > 0 && (
          <section aria-label="Ways without a link">
            <h2 className={classes.heading}>Vehicles also went</h2>
            {unlinked.map((each) => (
              <div key={`${each.source} ${each.target}`} className={classes.way}>
                <span className={classes.names}>
                  {names.get(each.source)} → {names.get(each.target)}
                </span>
                <TransitBars learned={each} />
                {mayChange && (
                  <Button size="compact-xs" variant="default" onClick={() => put(learnedWindow(each))}>
                    Link {each.min_s} to {each.max_s} s
                  </Button>
                )}
              </div>
            ))}
          </section>
        )}
        {mayChange && <NewLink nodes={nodes} links={draft} onAdd={put} />}
        {mayChange && (
          <div className={shared.buttons}>
            <ActionButton action={SAVE} primary loading={save.isPending} />
            {isChanged && (
              <Button variant="default" onClick={drop}>
                Drop my changes
              </Button>
            )}
          </div>
        )}
        {problem && (
          <p className={shared.problem} role="alert">
            {problem}
          </p>
        )}
        {newer ? (
          <Newer
            what="The list of links"
            theirs={linksWords(draftOf(newer.links), draft, names)}
            onTheirs={drop}
            onMine={() => {
              save.reset();
              drafted.takeMine();
            }}
          />
        ) : (
          <Refusal error={save.error} onReload={onReload} />
        )}
        <p className={shared.note}>
          Runs that start from now on use them: <Link to={`/scenes/${sceneId}/runs`}>to the runs</Link>.
        </p>
      </div>
    </div>
  );
}

interface RowProps {
  link: DraftLink;
  names: ReadonlyMap<number, string>;
  learned: LearnedLink | undefined;
  isChosen: boolean;
  onChoose: () => void;
  onChange: ((link: DraftLink) => void) | null;
  onRemove: () => void;
}

function Row({ link, names, learned, isChosen, onChoose, onChange, onRemove }: RowProps) {
  const name = `${names.get(link.source)} to ${names.get(link.target)}`;
  const seconds = (value: number, label: string, put: (value: number) => DraftLink) => (
    <NumberField
      width={72}
      decimals={1}
      value={value}
      label={`${label} time from ${name}, seconds`}
      onFocus={onChoose}
      onChange={onChange && ((typed) => typed !== null && onChange({ ...put(typed), origin: "manual" }))}
    />
  );
  return (
    <tr data-chosen={isChosen || undefined} className={classes.row}>
      <td>{names.get(link.source)}</td>
      <td>{names.get(link.target)}</td>
      <td>{seconds(link.min_s, "Shortest", (min_s) => ({ ...link, min_s }))}</td>
      <td>{seconds(link.max_s, "Longest", (max_s) => ({ ...link, max_s }))}</td>
      <td className={classes.quiet}>{ORIGINS[link.origin]}</td>
      <td>
        {learned && (
          <span className={classes.seen}>
            <TransitBars learned={learned} window={link} />
            {onChange && differs(link, learned) && (
              <Button size="compact-xs" variant="default" onClick={() => onChange(learnedWindow(learned))}>
                Use {learned.min_s} to {learned.max_s}
              </Button>
            )}
          </span>
        )}
      </td>
      <td>
        {onChange && (
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Take the link from ${name} away`}
            onClick={onRemove}
          >
            <Icon name="close" size={12} />
          </ActionIcon>
        )}
      </td>
    </tr>
  );
}

const FIRST_WINDOW = { min_s: 0, max_s: 60 };

function NewLink({
  nodes,
  links,
  onAdd,
}: {
  nodes: readonly Node[];
  links: readonly DraftLink[];
  onAdd: (link: DraftLink) => void;
}) {
  const [source, setSource] = useState<string | null>(null);
  const [target, setTarget] = useState<string | null>(null);
  const data = nodes.map(({ id, name }) => ({ value: String(id), label: name }));
  const ends = { source: Number(source), target: Number(target) };
  const refusal = source && target ? refusalOf(ends, links) : null;
  return (
    <div className={shared.buttons}>
      <Select
        size="xs"
        w={120}
        placeholder="from"
        aria-label="From camera"
        data={data}
        value={source}
        onChange={setSource}
        allowDeselect={false}
      />
      <Select
        size="xs"
        w={120}
        placeholder="to"
        aria-label="To camera"
        data={data}
        value={target}
        onChange={setTarget}
        allowDeselect={false}
      />
      <Button
        variant="default"
        disabled={!source || !target || refusal !== null}
        onClick={() => onAdd({ ...ends, ...FIRST_WINDOW, origin: "manual" })}
      >
        Add the link
      </Button>
      {refusal && <span className={shared.note}>{refusal}</span>}
    </div>
  );
}
