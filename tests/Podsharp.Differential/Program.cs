using Podsharp.Differential;

return await DifferentialRun.MainAsync(args);
