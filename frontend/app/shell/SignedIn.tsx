import { Center, Loader } from "@mantine/core";
import { Navigate, Outlet, useLocation } from "react-router";
import { ProblemState } from "@/components/ProblemState";
import { useSession } from "@/features/session/api/getSession";

/** Everything inside needs a person. Signed out, even in the middle of work, leads to the sign-in page and back. */
export function SignedIn() {
  const session = useSession();
  const location = useLocation();
  if (session.data?.user) return <Outlet />;
  if (session.data) {
    const next = `${location.pathname}${location.search}`;
    return <Navigate to={`/sign-in?next=${encodeURIComponent(next)}`} replace />;
  }
  if (session.isError) return <ProblemState error={session.error} onRetry={() => void session.refetch()} />;
  return <Waiting />;
}

/** Until it is known who is here, or the page has come. */
export function Waiting() {
  return (
    <Center h="100vh">
      <Loader aria-label="Loading" />
    </Center>
  );
}
