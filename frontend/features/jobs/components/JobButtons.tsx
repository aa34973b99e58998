import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { sentenceOf } from "@/lib/api/problem";
import { useCancelJob } from "../api/cancelJob";
import type { Job } from "../api/getJobs";
import { useRetryJob } from "../api/retryJob";
import { mayCancel, mayRetry } from "../words";

function say(error: unknown): void {
  notifications.show({ color: "red", title: "Not done", message: sentenceOf(error) });
}

/** Cancel or retry, whichever the job's state allows. */
export function JobButtons({ job }: { job: Job }) {
  const cancel = useCancelJob();
  const retry = useRetryJob();
  if (mayCancel(job)) {
    return (
      <Button
        size="compact-xs"
        variant="default"
        loading={cancel.isPending}
        onClick={() => cancel.mutate(job.id, { onError: say })}
        aria-label={`Cancel job ${job.id}`}
      >
        Cancel
      </Button>
    );
  }
  if (!mayRetry(job)) return null;
  return (
    <Button
      size="compact-xs"
      variant="default"
      loading={retry.isPending}
      onClick={() => retry.mutate(job.id, { onError: say })}
      aria-label={`Retry job ${job.id}`}
    >
      Retry
    </Button>
  );
}
