import { Link } from "react-router";
import { EmptyState } from "@/components/EmptyState";
import { Page } from "@/components/Page";

export function LostPage() {
  return (
    <Page title="Nothing here">
      <EmptyState title="There is no page at this address">
        It may have been mistyped. <Link to="/scenes">Go to the scenes</Link>.
      </EmptyState>
    </Page>
  );
}
