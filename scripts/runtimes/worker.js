import { play } from "./scenario.js";

export default {
  /**
   * Called by `workerd test`.
   *
   * @param {unknown} _controller
   * @param {{ readonly baseUrl: string }} environment
   */
  async test(_controller, { baseUrl }) {
    console.log(JSON.stringify(await play(baseUrl)));
  },
};
