import { percent } from "@/lib/format";
import { useStatistics } from "../api/getStatistics";
import classes from "./PeopleTable.module.css";

/** Who decided how much, how fast, and how often in agreement with others on the same pair. */
export function PeopleTable({ sceneId }: { sceneId: number }) {
  const persons = useStatistics(sceneId).data;
  if (!persons || persons.length === 0) return null;
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">Person</th>
          <th scope="col">decisions</th>
          <th scope="col">= same</th>
          <th scope="col">≠ different</th>
          <th scope="col">? can’t tell</th>
          <th scope="col">a minute</th>
          <th scope="col">changed something</th>
          <th scope="col">agree with others</th>
        </tr>
      </thead>
      <tbody>
        {persons.map((one) => (
          <tr key={one.person.id}>
            <th scope="row">{one.person.username}</th>
            <td>{one.verdicts.toLocaleString("en")}</td>
            <td>{one.same.toLocaleString("en")}</td>
            <td>{one.different.toLocaleString("en")}</td>
            <td>{one.cannot_tell.toLocaleString("en")}</td>
            <td>{one.decisions_per_minute?.toFixed(1) ?? "–"}</td>
            <td>{one.changed == null ? "–" : percent(one.changed, 0)}</td>
            <td>{one.agreement == null ? "–" : percent(one.agreement, 0)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
