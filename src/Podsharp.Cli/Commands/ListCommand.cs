using System.CommandLine;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Cli.Commands;

internal static class ListCommand
{
    public static Command Build(Connect connect)
    {
        var all = new Option<bool>("--all", "-a") { Description = "Stopped ones too" };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Ids only" };
        var whole = new Option<bool>("--no-trunc") { Description = "Whole ids and commands" };
        var command = new Command("ps", "Lists containers.") { all, quiet, whole };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var engine = connect(parsed);
            var path = "/containers/json?all=" + (parsed.GetValue(all) ? "1" : "0");
            var containers = await engine.GetAsync(path, ContainerJson.Default.IReadOnlyListListEntry, cancellationToken);
            if (parsed.GetValue(quiet))
                foreach (var container in containers) Console.Out.WriteLine(Id(container, parsed.GetValue(whole)));
            else Console.Out.Write(Table(containers, parsed.GetValue(whole), DateTimeOffset.UtcNow));
            return 0;
        });
        return command;
    }

    internal static TextTable Table(IReadOnlyList<ListEntry> containers, bool whole, DateTimeOffset now)
    {
        var table = new TextTable("CONTAINER ID", "IMAGE", "COMMAND", "CREATED", "STATUS", "PORTS", "NAMES");
        foreach (var container in containers)
        {
            var created = DateTimeOffset.FromUnixTimeSeconds(container.Created);
            var command = $"\"{container.Command}\"";
            table.Add(
                Id(container, whole), container.Image, whole ? command : HumanText.Cut(command, 22), HumanText.Age(now - created) + " ago",
                container.Status, Ports(container.Ports), string.Join(", ", container.Names.Select(name => name.TrimStart('/'))));
        }

        return table;
    }

    private static string Id(ListEntry container, bool whole) => whole ? container.Id : HumanText.ShortId(container.Id);

    private static string Ports(IReadOnlyList<PortSummary> ports) =>
        string.Join(", ", ports.OrderBy(port => port.PrivatePort).Select(port =>
            port.PublicPort == 0 ? $"{port.PrivatePort}/{port.Type}" : $"{Host(port.Ip)}:{port.PublicPort}->{port.PrivatePort}/{port.Type}"));

    private static string Host(string? address) =>
        address is null or "" ? "0.0.0.0" : address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address;
}
