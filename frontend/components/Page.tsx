import type { ReactNode } from "react";
import { useEffect } from "react";
import classes from "./Page.module.css";

interface Props {
  title: string;
  /** What the page is about, for the browser's tab: the scene. */
  of?: string | undefined;
  /** Beside the title: what can be done here. */
  tools?: ReactNode;
  children: ReactNode;
}

/** A page with a heading; the browser's tab carries its title. */
export function Page({ title, of, tools, children }: Props) {
  useTabTitle(of ? `${title} · ${of}` : title);
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <h1 className={classes.title}>{title}</h1>
        <div className={classes.tools}>{tools}</div>
      </div>
      {children}
    </div>
  );
}

export function useTabTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Crosstrack`;
  }, [title]);
}
