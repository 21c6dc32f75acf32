using System.CommandLine;

namespace Podsharp.Cli.Commands;

internal static class StopCommand
{
    public static Command Build(Connect connect)
    {
        var time = new Option<int?>("--time", "-t") { Description = "How long it has before it is killed", HelpName = "SECONDS" };
        var containers = NameArgument.Many("container");
        var command = new Command("stop", "Stops containers.") { time, containers };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var engine = connect(parsed);
            var query = parsed.GetValue(time) is { } seconds ? $"?t={seconds}" : "";
            return await ManyContainers.ForEachAsync(
                parsed.GetRequiredValue(containers),
                name => engine.SendAsync(HttpMethod.Post, $"/containers/{name}/stop{query}", cancellationToken));
        });
        return command;
    }
}
