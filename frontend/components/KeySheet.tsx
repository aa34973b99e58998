import { Modal } from "@mantine/core";
import { grouped } from "@/lib/actions/registry";
import { useAllActions } from "@/lib/actions/useActions";
import { KeyCaps } from "./KeyCaps";
import classes from "./KeySheet.module.css";

/** The `?` sheet: every action that has a key here, made from the registry. */
export function KeySheet({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const withKeys = useAllActions().filter((action) => action.keys);
  return (
    <Modal opened={opened} onClose={onClose} title="Keys on this page" size="lg">
      <div className={classes.groups}>
        {grouped(withKeys).map(([group, actions]) => (
          <section key={group}>
            <h3 className={classes.heading}>{group}</h3>
            <dl className={classes.list}>
              {actions.map((action) => (
                <div key={action.id} className={classes.row}>
                  <dt>{action.title}</dt>
                  <dd>
                    <KeyCaps keys={action.keys ?? ""} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
