import { Paper } from "@mantine/core";
import { Navigate, useSearchParams } from "react-router";
import { useTabTitle } from "@/components/Page";
import { useSession } from "@/features/session/api/getSession";
import { SignInForm } from "@/features/session/components/SignInForm";
import { placeAfterSignIn } from "../placeAfterSignIn";
import classes from "./SignInPage.module.css";

export function SignInPage() {
  const session = useSession();
  const [search] = useSearchParams();
  useTabTitle("Sign in");
  if (session.data?.user) return <Navigate to={placeAfterSignIn(search.get("next"))} replace />;
  return (
    <main className={classes.page}>
      <Paper className={classes.card} withBorder>
        <h1 className={classes.title}>Crosstrack</h1>
        <p className={classes.words}>Vehicles, followed across a city's cameras.</p>
        <SignInForm />
      </Paper>
    </main>
  );
}
