using System.CommandLine;
using System.Reflection;
using Podsharp.Wire.Docker.System;

namespace Podsharp.Cli.Commands;

internal static class VersionCommand
{
    public static Command Build(Connect connect)
    {
        var command = new Command("version", "Prints the versions of this program and of the engine.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var own = typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
            Console.Out.WriteLine("Client:   podsharp " + own.Split('+')[0]);
            using var engine = connect(parsed);
            var version = await engine.GetAsync("/version", SystemJson.Default.VersionReply, cancellationToken);
            Console.Out.WriteLine($"Engine:   {version.Platform.Name} {version.Version}, API {version.MinApiVersion} to {version.ApiVersion}");
            Console.Out.WriteLine($"Machine:  {version.Os}/{version.Arch}, kernel {version.KernelVersion}");
            foreach (var component in version.Components) Console.Out.WriteLine($"          {component.Name} {component.Version}");
            return 0;
        });
        return command;
    }
}
