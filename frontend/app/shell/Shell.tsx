import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import { Outlet } from "react-router";
import { HotKeys } from "@/components/HotKeys";
import { KeySheet } from "@/components/KeySheet";
import { Palette } from "@/components/Palette";
import { EditSender } from "@/features/editor/components/EditSender";
import { DecisionSender } from "@/features/review/components/DecisionSender";
import { sessionKey, useSession } from "@/features/session/api/getSession";
import { useSignOut } from "@/features/session/api/signOut";
import { registry } from "@/lib/actions/registry";
import { useOpenScene } from "./openScene";
import classes from "./Shell.module.css";
import { useShellActions } from "./shellActions";
import { TopBar } from "./TopBar";

/** One short message in a corner: the next one takes its place. */
function tellPerson(sentence: string): void {
  notifications.hide("not-now");
  notifications.show({ id: "not-now", message: sentence, autoClose: 4000, withBorder: true });
}

/** The frame of every page for a person who is signed in. */
export function Shell() {
  const { sceneId } = useOpenScene();
  const [keysOpened, keys] = useDisclosure(false);
  const { mutate: leave } = useSignOut();
  const signOut = useCallback(() => leave(), [leave]);
  const queries = useQueryClient();
  const person = useSession().data?.user?.id;
  const askWhoIsHere = useCallback(() => void queries.invalidateQueries({ queryKey: sessionKey }), [queries]);
  useEffect(() => {
    registry.tell = tellPerson;
  }, []);
  useShellActions(keys.open, signOut, sceneId);

  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#content">
        Skip to the content
      </a>
      <TopBar onKeys={keys.open} onSignOut={signOut} />
      <main id="content" tabIndex={-1} className={classes.content}>
        {person !== undefined && (
          <DecisionSender key={person} person={person} onSignedOut={askWhoIsHere}>
            <EditSender key={person} person={person} onSignedOut={askWhoIsHere}>
              <Outlet />
            </EditSender>
          </DecisionSender>
        )}
      </main>
      <HotKeys />
      <Palette />
      <KeySheet opened={keysOpened} onClose={keys.close} />
    </div>
  );
}
