using Podsharp.Core.Errors;
using Podsharp.Drivers.Network.Forwarding;
using Podsharp.Engine.System;
using Podsharp.Linux.Self;
using Podsharp.Service.Life;
using Podsharp.Service.Logging;
using Podsharp.Service.Options;
using Podsharp.Service.Rootless;

try
{
    if (args is [ForwardingProcess.Verb, .. var forwarded]) return await ForwardingProcess.RunAsync(forwarded);

    var line = CommandLine.Parse(args);
    if (line.ShowHelp || line.ShowVersion)
    {
        Console.WriteLine(line.ShowHelp ? CommandLine.Help : $"podsharp-service {EngineVersion.Text}");
        return 0;
    }

    if (ThisProcess.EffectiveUserId != 0) UserNamespace.Enter(args);

    ThisProcess.SetUmask(0b000_010_010);
    var places = Places.From(line);
    if (line.Wake) return Waker.Run(line, places);

    using var loggers = new ErrorStreamLoggerFactory(new ErrorStreamLogs(line.LogLevel));
    if (line.Check) return await CheckCommand.RunAsync(line, places, loggers);
    return await new ServiceLife(line, places, loggers).RunAsync();
}
catch (EngineException failure)
{
    Console.Error.WriteLine($"podsharp-service: {failure.Message}");
    return failure.Kind == ErrorKind.InvalidInput ? 2 : 1;
}
catch (Exception failure)
{
    Console.Error.WriteLine($"podsharp-service: this should not have happened: {failure}");
    return 1;
}
