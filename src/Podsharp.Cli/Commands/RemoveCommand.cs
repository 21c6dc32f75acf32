using System.CommandLine;

namespace Podsharp.Cli.Commands;

internal static class RemoveCommand
{
    public static Command Build(Connect connect)
    {
        var force = new Option<bool>("--force", "-f") { Description = "Kills it first if it runs" };
        var volumes = new Option<bool>("--volumes", "-v") { Description = "Its nameless volumes too" };
        var containers = NameArgument.Many("container");
        var command = new Command("rm", "Removes containers.") { force, volumes, containers };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var engine = connect(parsed);
            var query = $"?force={(parsed.GetValue(force) ? '1' : '0')}&v={(parsed.GetValue(volumes) ? '1' : '0')}";
            return await ManyContainers.ForEachAsync(
                parsed.GetRequiredValue(containers),
                name => engine.SendAsync(HttpMethod.Delete, $"/containers/{name}{query}", cancellationToken));
        });
        return command;
    }
}
