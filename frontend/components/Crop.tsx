import classes from "./Crop.module.css";

/** A picture of a vehicle, whole, on a quiet ground of fixed size, so that nothing moves when it arrives. */
export function Crop({ url, label, size }: { url: string; label: string; size: "small" | "row" | "large" }) {
  return (
    <img className={classes.crop} data-size={size} src={url} alt={label} loading="lazy" decoding="async" />
  );
}
