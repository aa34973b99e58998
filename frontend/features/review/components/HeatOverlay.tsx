import { useEffect, useRef, useState } from "react";
import { type Heat, heatPixels } from "../heat";

interface Props {
  /** Of the picture that lies below: the cells are stretched over the whole of it. */
  src: string;
  heat: Heat;
  label: string;
}

/** A heatmap in the picture's own proportions, to lie exactly over it. */
export function HeatOverlay({ src, heat, label }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useNaturalSize(src);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (context && size) drawHeat(context, heat, size);
  }, [heat, size]);
  return size && <canvas ref={canvas} {...size} role="img" aria-label={label} />;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function useNaturalSize(src: string): Size | null {
  const [known, setKnown] = useState<{ src: string; size: Size } | null>(null);
  useEffect(() => {
    const image = new Image();
    image.onload = () => setKnown({ src, size: { width: image.naturalWidth, height: image.naturalHeight } });
    image.src = src;
    return () => {
      image.onload = null;
    };
  }, [src]);
  return known?.src === src ? known.size : null;
}

/** Cells run into one another: their borders are the grid's, not the vehicle's. */
function drawHeat(context: CanvasRenderingContext2D, heat: Heat, { width, height }: Size): void {
  const columns = heat.cells[0]?.length ?? 0;
  if (columns === 0) return;
  const small = new OffscreenCanvas(columns, heat.cells.length);
  small.getContext("2d")?.putImageData(new ImageData(heatPixels(heat), columns), 0, 0);
  context.clearRect(0, 0, width, height);
  context.imageSmoothingQuality = "high";
  context.drawImage(small, 0, 0, width, height);
}
