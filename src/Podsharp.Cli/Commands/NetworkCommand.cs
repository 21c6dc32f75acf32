using System.CommandLine;
using Podsharp.Cli.Connection;
using Podsharp.Wire.Docker.Networks;

namespace Podsharp.Cli.Commands;

internal static class NetworkCommand
{
    public static Command Build(Connect connect) => new("network", "Looks after networks.") { Reload(connect) };

    private static Command Reload(Connect connect)
    {
        var command = new Command("reload", "Makes the firewall rules of running containers anew, after somebody flushed them; connections stay.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var engine = connect(parsed);
            using var answer = await engine.SendAsync(HttpMethod.Post, "/networks/reload", null, cancellationToken);
            var reply = await EngineClient.ReadAsync(answer, NetworkJson.Default.ReloadNetworksReply, cancellationToken);
            foreach (var container in reply.Containers) Console.Out.WriteLine(container);
            foreach (var failure in reply.Failures) await Console.Error.WriteLineAsync($"Error: {failure.Container}: {failure.Message}");
            return reply.Failures.Count == 0 ? 0 : 1;
        });
        return command;
    }
}
