import { type CSSProperties, type MouseEvent, type ReactNode, useRef } from "react";
import { useSize } from "@/lib/plot/canvas";
import type { Point } from "../regionDraft";
import classes from "./SetupPicture.module.css";

interface Props {
  /** Of the picture, in its own pixels. */
  width: number;
  height: number;
  label: string;
  /** Told where the picture was clicked, in its pixels. */
  onPoint?: ((point: Point) => void) | undefined;
  picture: ReactNode;
  /** Drawn over it in picture pixels; `unit` is how many of them a pixel of the screen is. */
  children: (unit: number) => ReactNode;
}

/** A picture with a drawing over it, in the picture's own pixels. */
export function Drawing({ width, height, label, onPoint, picture, children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const shown = useSize(box);
  const unit = shown.width > 0 ? width / shown.width : 1;

  function click(event: MouseEvent<SVGSVGElement>): void {
    const point = pictureButton(event) ? pointOf(event.currentTarget, event) : null;
    if (point) onPoint?.(point);
  }

  return (
    <div
      ref={box}
      className={classes.picture}
      style={{ aspectRatio: `${width} / ${height}`, "--ratio": width / height } as CSSProperties}
    >
      {picture}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: "Add a point" beside the picture does it by keys */}
      <svg
        className={classes.drawing}
        viewBox={`0 0 ${width} ${height}`}
        data-draws={onPoint ? true : undefined}
        role="group"
        aria-label={label}
        onClick={click}
      >
        {children(unit)}
      </svg>
    </div>
  );
}

function pictureButton({ button, defaultPrevented }: MouseEvent): boolean {
  return button === 0 && !defaultPrevented;
}

/** The place in the drawing's own units that an event is at. */
export function pointOf(
  drawing: SVGSVGElement,
  { clientX, clientY }: { clientX: number; clientY: number },
): Point | null {
  const matrix = drawing.getScreenCTM();
  if (!matrix) return null;
  const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(matrix.inverse());
  return [x, y];
}
