// @vitest-environment jsdom
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { show } from "@/app/testing/page";
import { HotKeys } from "@/components/HotKeys";
import { useMapActions } from "./useMapActions";

function showMap(isOn: boolean) {
  const told = { zoom: vi.fn(), pan: vi.fn(), all: vi.fn(), deselect: vi.fn() };
  function Keys() {
    useMapActions(told, isOn);
    return null;
  }
  show(
    <>
      <HotKeys />
      <Keys />
    </>,
  );
  return told;
}

test("keys bring the map nearer, move it, show all of it and let go of the identity", async () => {
  const told = showMap(true);
  await userEvent.keyboard("={ArrowRight}{ArrowUp}0{Escape}");
  expect(told.zoom.mock.calls).toEqual([[1.4]]);
  expect(told.pan.mock.calls).toEqual([
    [0.15, 0],
    [0, -0.15],
  ]);
  expect(told.all).toHaveBeenCalledOnce();
  expect(told.deselect).toHaveBeenCalledOnce();
});

test("a map beside other things leaves the keys to them", async () => {
  const told = showMap(false);
  await userEvent.keyboard("={ArrowRight}0{Escape}");
  for (const command of Object.values(told)) expect(command).not.toHaveBeenCalled();
});
