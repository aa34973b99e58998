import {
  type ReactNode,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { ActionButton } from "@/components/ActionButton";
import { ProblemState } from "@/components/ProblemState";
import { useTicking } from "@/lib/player/useClock";
import { WaitingVideos } from "@/lib/player/waiting";
import { useLatest } from "@/lib/useLatest";
import { listed, type TrackFilter } from "../filter";
import { useCommands } from "../hooks/useCommands";
import { useEditor, type Wanted } from "../hooks/useEditor";
import { show, useEditorActions } from "../hooks/useEditorActions";
import { useViewport } from "../hooks/useViewport";
import classes from "./CameraEditor.module.css";
import { ConflictDialog } from "./ConflictDialog";
import { EditorPicture } from "./EditorPicture";
import { Inspector } from "./Inspector";
import inspectorClasses from "./Inspector.module.css";
import { MoveDialog } from "./MoveDialog";
import { SaveState } from "./SaveState";
import { TrackList } from "./TrackList";
import { Transport } from "./Transport";

interface Props extends Wanted {
  name: string;
  /** Beside the picture's tools: which camera, and the way to others. */
  heading: ReactNode;
  /** Seconds of the scene as its people read them. */
  readTime: (seconds: number) => string;
  renderLink: (identity: number) => ReactNode;
  renderIdentity: (identity: number) => ReactNode;
}

/** One camera's video with its tracklets: look at them frame by frame, and put them right. */
export function CameraEditor(props: Props) {
  const { name, heading, readTime, renderLink, renderIdentity, ...wanted } = props;
  const { clock, video, scene } = wanted;
  const editor = useEditor(wanted);
  const commands = useCommands(editor);
  const viewport = useViewport(video);
  const [waiting] = useState(() => new WaitingVideos(clock));
  const fields = useFields();
  const { rows, filter, setFilter } = useListed(editor);
  useTicking(clock);
  useEffect(() => () => clock.pause(), [clock]);

  const { transport, selected, times } = editor;
  const readFrame = (frame: number): string => readTime(video.start_s + (times?.[frame] ?? 0));
  const choose = (id: number): void => {
    if (commands.picking.picking) commands.picking.pick(id);
    else show(editor, id);
  };
  const latest = useLatest(choose);
  const chooseRow = useCallback((id: number) => latest()(id), [latest]);
  useEditorActions({
    ...{ editor, commands },
    listed: rows.map(({ id }) => id),
    goTo: () => fields.goTo.current?.focus(),
    search: () => fields.search.current?.focus(),
    zoom: () => viewport.toggle(selected && editor.boxAt(selected.id, transport.frameNow())),
    focusField: (field) => fields[field].current?.focus(),
  });

  const missing = [editor.query, editor.timing].find(({ isError, data }) => isError && !data);
  if (missing) return <ProblemState error={missing.error} onRetry={() => void missing.refetch()} />;
  return (
    <div className={classes.page}>
      <div className={classes.main}>
        <div className={classes.top}>
          {heading}
          <span className={classes.right} />
          <ActionButton action="track-draw" icon="plus" />
          <ActionButton action="track-undo">Undo</ActionButton>
          <ActionButton action="track-redo">Redo</ActionButton>
        </div>
        <EditorPicture
          name={name}
          editor={editor}
          commands={commands}
          viewport={viewport}
          waiting={waiting}
        />
        <Transport transport={transport} readFrame={readFrame} field={fields.goTo} />
        <TrackList
          tracks={rows}
          total={editor.tracks.length}
          filter={filter}
          onFilter={setFilter}
          searchField={fields.search}
          frames={transport.frames}
          frameCount={transport.frameCount}
          onSeek={transport.seek}
          selected={selected?.id ?? null}
          hovered={editor.hovered}
          onChoose={chooseRow}
          onHover={editor.setHovered}
        />
      </div>
      <aside className={classes.side} aria-label="The selected tracklet">
        <SaveState scene={scene} />
        {selected ? (
          <Inspector
            track={selected}
            mayEdit={editor.locked === null}
            fields={fields}
            onDescribe={commands.describe}
            identity={selected.identity === null ? null : renderLink(selected.identity)}
            readFrame={readFrame}
          />
        ) : (
          <Hint locked={editor.locked} />
        )}
      </aside>
      <MoveDialog
        track={selected}
        opened={commands.isMoving}
        onClose={() => commands.setMoving(false)}
        onMove={(number) => {
          commands.setMoving(false);
          commands.move(number);
        }}
        renderIdentity={renderIdentity}
      />
      <ConflictDialog video={video.id} />
    </div>
  );
}

function Hint({ locked }: { locked: string | null }) {
  return (
    <p className={inspectorClasses.hint}>
      {locked
        ? `Nothing can be edited here: ${locked}`
        : "Click a box or a row, or press ↓, to select a tracklet. D draws one that was missed. ? lists all keys, Ctrl-K finds every action by name."}
    </p>
  );
}

function useFields() {
  const [goTo, search, category, colour, note] = [
    useRef<HTMLInputElement>(null),
    useRef<HTMLInputElement>(null),
    useRef<HTMLInputElement>(null),
    useRef<HTMLInputElement>(null),
    useRef<HTMLInputElement>(null),
  ];
  return { goTo, search, category, colour, note };
}

/** The list as it is filtered and ordered; the frame on screen counts only where it is asked for. */
function useListed({ tracks, transport }: ReturnType<typeof useEditor>) {
  const [filter, setAll] = useState<TrackFilter>({ words: "", onlyHere: false, order: "start" });
  const { frames } = transport;
  const frame = useSyncExternalStore(frames.subscribe, () => (filter.onlyHere ? frames.get() : 0));
  const rows = useMemo(() => listed(tracks, filter, frame), [tracks, filter, frame]);
  const setFilter = useCallback(
    (changes: Partial<TrackFilter>) => setAll((before) => ({ ...before, ...changes })),
    [],
  );
  return { rows, filter, setFilter };
}
