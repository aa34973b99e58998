import { IdentityChip } from "@/components/IdentityChip";
import type { SearchAnswer } from "../api/searchTracklets";
import type { Question } from "../question";
import classes from "./Search.module.css";

interface Props {
  question: Question | null;
  answer: SearchAnswer | undefined;
}

/** What the results are to look like: a tracklet's picture, an identity's number, or that it is a picture. */
export function AskedAbout({ question, answer }: Props) {
  if (!question) return <span className={classes.asked} />;
  const number = question.kind === "identity" ? question.about : (answer?.identity ?? null);
  return (
    <span className={classes.asked}>
      {question.kind === "tracklet" && <img src={`/api/v1/tracklets/${question.about}/crops/0.jpg`} alt="" />}
      <span>
        {question.kind === "picture" ? "Looks like your picture" : "Looks like"}
        {question.kind === "tracklet" && " this tracklet"}
        {number !== null && question.kind === "tracklet" && " of"}
      </span>
      {number !== null && (
        <>
          identity <IdentityChip number={number} />
        </>
      )}
      {answer && !answer.exact && (
        <span title="A graph of neighbours is walked: it finds nearly all">· nearly all</span>
      )}
    </span>
  );
}
