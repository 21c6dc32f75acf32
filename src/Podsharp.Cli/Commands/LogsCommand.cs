using System.CommandLine;
using Podsharp.Cli.Streams;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Cli.Commands;

internal static class LogsCommand
{
    public static Command Build(Connect connect)
    {
        var follow = new Option<bool>("--follow", "-f") { Description = "Goes on until the container ends" };
        var tail = new Option<string>("--tail", "-n") { Description = "Only the last lines", HelpName = "COUNT", DefaultValueFactory = _ => "all" };
        var since = new Option<string?>("--since") { Description = "Only what came after", HelpName = "UNIX SECONDS" };
        var timestamps = new Option<bool>("--timestamps", "-t") { Description = "The time before each line" };
        var container = NameArgument.One("container");
        var command = new Command("logs", "Prints what a container has written.") { follow, tail, since, timestamps, container };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var engine = connect(parsed);
            var name = Uri.EscapeDataString(parsed.GetRequiredValue(container));
            var inspected = await engine.GetAsync($"/containers/{name}/json", ContainerJson.Default.InspectReply, cancellationToken);
            var path = $"/containers/{name}/logs?stdout=1&stderr=1&follow={Digit(parsed.GetValue(follow))}"
                + $"&tail={Uri.EscapeDataString(parsed.GetValue(tail)!)}&timestamps={Digit(parsed.GetValue(timestamps))}"
                + (parsed.GetValue(since) is { } start ? "&since=" + Uri.EscapeDataString(start) : "");
            using var reply = await engine.SendAsync(HttpMethod.Get, path, null, cancellationToken);
            await using var body = await reply.Content.ReadAsStreamAsync(cancellationToken);
            await OutputCopy.ToStandardStreamsAsync(body, inspected.Config.Tty, cancellationToken);
            return 0;
        });
        return command;
    }

    private static char Digit(bool flag) => flag ? '1' : '0';
}
