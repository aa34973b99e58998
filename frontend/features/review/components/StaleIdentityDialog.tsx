import { StaleDialog } from "@/components/StaleDialog";
import { doneBy } from "@/lib/doneBy";
import { editWords, type IdentityEdit, remadeOn, type StaleIdentity } from "../identityEdit";
import { TrackletPictures } from "./TrackletPictures";

interface Props {
  edit: IdentityEdit;
  stale: StaleIdentity;
  onTheirs: () => void;
  onMine: (remade: IdentityEdit) => void;
}

/** Somebody changed an identity while it was edited here: what it is now, and whether the edit is still wanted. */
export function StaleIdentityDialog({ edit, stale: { yours, current, operation }, onTheirs, onMine }: Props) {
  return (
    <StaleDialog
      title={`Identity ${yours.number} was changed meanwhile`}
      theirs={
        <>
          <p>
            {operation && `${doneBy(operation)}. `}
            {current.length === 0 && "None of its tracklets is shown any more."}
          </p>
          {current.map(({ number, tracklets }) => (
            <TrackletPictures key={number} title={`Identity ${number} now`} tracklets={tracklets} />
          ))}
        </>
      }
      mine={
        <>
          <p>{editWords(edit)}. Not stored.</p>
          <TrackletPictures title={`Identity ${yours.number} as I saw it`} tracklets={yours.tracklets} />
        </>
      }
      remade={remadeOn(edit, current).map((one) => ({ label: editWords(one), take: () => onMine(one) }))}
      onTheirs={onTheirs}
    />
  );
}
