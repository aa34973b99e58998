import { percent } from "@/lib/format";
import { colourOf, type Described, type Said, swatchOf, typeOf } from "@/lib/vehicle";
import classes from "./VehicleLook.module.css";

/** Type and colour: a word and a swatch; how sure the network is, or a tick where people said it. */
export function VehicleLook({ seen }: { seen: Described }) {
  const colour = colourOf(seen);
  const swatch = colour && swatchOf(colour.word);
  return (
    <span className={classes.look}>
      <Part said={typeOf(seen)} of="type" />
      {colour && (
        <>
          {swatch && <span className={classes.swatch} style={{ background: swatch }} aria-hidden="true" />}
          <Part said={colour} of="colour" />
        </>
      )}
    </span>
  );
}

function Part({ said, of }: { said: Said; of: string }) {
  const { word, chance, byPeople } = said;
  if (byPeople)
    return (
      <span title={`The ${of} that people named`}>
        {word} <span aria-hidden="true">✓</span>
        <span className={classes.unseen}>, named by people</span>
      </span>
    );
  if (chance === null) return <span>{word}</span>;
  return (
    <span title={`The ${of} as the network reads it, right with a chance of about ${percent(chance, 0)}`}>
      {word} <span className={classes.chance}>{percent(chance, 0)}</span>
    </span>
  );
}
