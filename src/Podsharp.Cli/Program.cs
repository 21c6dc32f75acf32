using Podsharp.Cli;

return await CommandLine.RunAsync(args);
