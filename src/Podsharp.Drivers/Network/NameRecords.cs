using Podsharp.Core.Containers;
using Podsharp.Core.Networks;
using Podsharp.Core.Storage;

namespace Podsharp.Drivers.Network;

/// <summary>
/// What aardvark-dns knows: a file for each network, with a line for each container, as netavark keeps them (reference/protocols.md §7).
/// Callers hold the driver's lock.
/// </summary>
internal sealed class NameRecords(StorePaths paths, NameServer server)
{
    private const int Attempts = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>The server runs and knows the network; else it is netavark that starts it and tells it.</summary>
    public bool Serves(Core.Networks.Network network) => FileOf(network) is not null && server.IsRunning;

    public async Task AddAsync(NetworkAttachment container, Endpoint endpoint, Core.Networks.Network network)
    {
        if (FileOf(network) is not { } file) return;
        var names = endpoint.Aliases.Prepend(container.ContainerName).Distinct();
        var servers = container.DnsServers.Count == 0 ? "" : " " + string.Join(',', container.DnsServers);
        await File.AppendAllTextAsync(file, $"{container.ContainerId} {endpoint.IPv4.Split('/')[0]}  {string.Join(',', names)}{servers}\n");
    }

    /// <summary>The names of a container that is known already are its present ones.</summary>
    public async Task RenameAsync(NetworkAttachment container, Endpoint endpoint, Core.Networks.Network network)
    {
        if (FileOf(network) is not { } file) return;
        var names = string.Join(',', endpoint.Aliases.Prepend(container.ContainerName).Distinct());
        var lines = await File.ReadAllLinesAsync(file);
        await ReplaceAsync(file, lines.Select(line => line.Split(' ') is [var id, var four, var six, _, .. var servers] && id == container.ContainerId.ToString()
            ? string.Join(' ', [id, four, six, names, .. servers])
            : line));
    }

    /// <summary>A network without containers is none that the server should listen on.</summary>
    public async Task RemoveAsync(ContainerId container, Core.Networks.Network network)
    {
        if (FileOf(network) is not { } file) return;
        var lines = await File.ReadAllLinesAsync(file);
        var others = lines.Where(line => !line.StartsWith(container.ToString(), StringComparison.Ordinal)).ToArray();
        if (others.Length == lines.Length) return;
        if (others.Length <= 1)
        {
            File.Delete(file);
            return;
        }

        await ReplaceAsync(file, others);
    }

    // The server may be reading; and it takes every file in its directory for a network.
    private async Task ReplaceAsync(string file, IEnumerable<string> lines)
    {
        var next = Path.Join(paths.NetworkRun, "records.next");
        await File.WriteAllLinesAsync(next, lines);
        File.Move(next, file, overwrite: true);
    }

    /// <summary>As <see cref="Tell"/>; with nothing left to serve it waits for the server's end.</summary>
    public async Task TellOfRemovalAsync()
    {
        Tell();
        for (var attempt = 0; attempt < Attempts && server.IsRunning && server.Files().Count == 0; attempt++)
        {
            await Task.Delay(Pause);
            Tell();
        }
    }

    /// <inheritdoc cref="NameServer.Tell"/>
    public void Tell() => server.Tell();

    // netavark marks the networks whose queries must not leave.
    private string? FileOf(Core.Networks.Network network)
    {
        var file = Path.Join(server.Directory, NetavarkConfig.NameOf(network));
        return File.Exists(file) ? file : File.Exists(file + "%int") ? file + "%int" : null;
    }
}
