import { useEffect, useState } from "react";
import { IdentityChip } from "@/components/IdentityChip";
import type { SearchAnswer } from "../api/searchTracklets";
import type { Question } from "../question";
import classes from "./Search.module.css";

interface Props {
  question: Question | null;
  answer: SearchAnswer | undefined;
  /** Pictures of the identity that is asked about. */
  pictures: readonly string[];
  /** The picture that was brought on this page; after a reload it is no longer known. */
  brought: File | undefined;
}

/** What the results are to look like, in pictures and words. */
export function AskedAbout({ question, answer, pictures, brought }: Props) {
  const own = useFileAddress(question?.kind === "picture" ? brought : undefined);
  if (!question) return <span className={classes.asked} />;
  const number = question.kind === "identity" ? question.about : (answer?.identity ?? null);
  const shown = {
    tracklet: [`/api/v1/tracklets/${question.about}/crops/0.jpg`],
    identity: pictures,
    picture: own ? [own] : [],
  }[question.kind];
  return (
    <span className={classes.asked}>
      {shown.map((url) => (
        <img key={url} src={url} alt="" />
      ))}
      <span>
        {
          {
            picture: "Looks like your picture",
            tracklet: "Looks like this tracklet",
            identity: "Looks like",
          }[question.kind]
        }
        {number !== null && (question.kind === "tracklet" ? " of identity" : " identity")}
      </span>
      {number !== null && <IdentityChip number={number} />}
      {answer && !answer.exact && (
        <span title="A graph of neighbours is walked: it finds nearly all">· nearly all</span>
      )}
    </span>
  );
}

/** An address at which the page can show a file of this computer. */
function useFileAddress(file: File | undefined): string | undefined {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    if (!file) return undefined;
    const made = URL.createObjectURL(file);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return file && address;
}
