-- Drives nvim-dap without a screen, with the configuration that docs/editors.md gives: a breakpoint in a child, a look at its frame, on to the end.
-- Environment: FORKSCOPE_CONFIGURATION (Lua file), FORKSCOPE_PROGRAM, FORKSCOPE_LINE, FORKSCOPE_RESULT (file for what was seen, JSON).
local seen = { stops = {}, output = "" }
local function finish(problem)
  seen.problem = problem
  local file = assert(io.open(vim.env.FORKSCOPE_RESULT, "w"))
  file:write(vim.json.encode(seen))
  file:close()
  vim.cmd("qall!")
end

local read, problem = pcall(dofile, vim.env.FORKSCOPE_CONFIGURATION)
if not read then finish(problem) end
local dap = require("dap")
vim.cmd.edit(vim.env.FORKSCOPE_PROGRAM)
vim.api.nvim_win_set_cursor(0, { tonumber(vim.env.FORKSCOPE_LINE), 0 })
dap.set_breakpoint()

dap.listeners.after.event_output["test"] = function(_, body)
  if body.category == "stdout" then seen.output = seen.output .. body.output end
end
dap.listeners.after.event_terminated["test"] = function() vim.schedule(finish) end
-- nvim-dap asks for the frames of whoever stops, and then for the scopes of the first one: the last answer before a user would act.
dap.listeners.after.scopes["test"] = function(session)
  local threadId = session.stopped_thread_id
  local frame = session.current_frame
  session:evaluate({ expression = "doubled * 100", context = "hover", frameId = frame.id }, function(_, answer)
    local thread = session.threads[threadId]
    table.insert(seen.stops, { name = thread.name, line = frame.line, value = answer and answer.result })
    dap.continue()
  end)
end
dap.run(dap.configurations.python[#dap.configurations.python])
