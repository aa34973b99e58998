import { Modal, TextInput } from "@mantine/core";
import { useState } from "react";
import { grouped } from "@/lib/actions/registry";
import { useAllActions } from "@/lib/actions/useActions";
import { KeyCaps } from "./KeyCaps";
import classes from "./KeySheet.module.css";

/** The `?` sheet: every action that has a key here, made from the registry. */
export function KeySheet({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Keys on this page" size={920}>
      <Keys />
    </Modal>
  );
}

function Keys() {
  const [sought, setSought] = useState("");
  const words = sought.trim().toLowerCase();
  const withKeys = useAllActions().filter(
    ({ keys, title, group }) => keys && `${group} ${title}`.toLowerCase().includes(words),
  );
  return (
    <>
      <TextInput
        className={classes.search}
        size="xs"
        aria-label="Find a key"
        placeholder="Find a key"
        value={sought}
        onChange={(event) => setSought(event.currentTarget.value)}
      />
      {withKeys.length === 0 && <p className={classes.none}>No key of this page is called so.</p>}
      <div className={classes.groups}>
        {grouped(withKeys).map(([group, actions]) => (
          <section key={group}>
            <h3 className={classes.heading}>{group}</h3>
            <dl className={classes.list}>
              {actions.map((action) => (
                <div key={action.id} className={classes.row}>
                  <dt>
                    {action.title}
                    {action.unavailable && <span className={classes.reason}>{action.unavailable}</span>}
                  </dt>
                  <dd>
                    <KeyCaps keys={action.keys ?? ""} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </>
  );
}
