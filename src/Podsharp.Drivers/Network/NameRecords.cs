using System.Globalization;
using Podsharp.Core.Containers;
using Podsharp.Core.Networks;
using Podsharp.Core.Storage;
using Podsharp.Linux.Processes;

namespace Podsharp.Drivers.Network;

/// <summary>
/// What aardvark-dns knows: a file for each network, with a line for each container, as netavark keeps them (reference/protocols.md §7).
/// Callers hold the driver's lock.
/// </summary>
internal sealed class NameRecords(StorePaths paths)
{
    private const int ReadAgain = 1;
    private const int Attempts = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private string Directory => Path.Join(paths.NetworkRun, "aardvark-dns");

    /// <summary>The server runs and knows the network; else it is netavark that starts it and tells it.</summary>
    public bool Serves(Core.Networks.Network network) => FileOf(network) is not null && ServerPid() is { } pid && IsServer(pid);

    public async Task AddAsync(NetworkAttachment container, Endpoint endpoint, Core.Networks.Network network)
    {
        if (FileOf(network) is not { } file) return;
        var names = endpoint.Aliases.Prepend(container.ContainerName).Distinct();
        var servers = container.DnsServers.Count == 0 ? "" : " " + string.Join(',', container.DnsServers);
        await File.AppendAllTextAsync(file, $"{container.ContainerId} {endpoint.IPv4.Split('/')[0]}  {string.Join(',', names)}{servers}\n");
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

        // The server may be reading; and it takes every file in its directory for a network.
        var next = Path.Join(paths.NetworkRun, "records.next");
        await File.WriteAllLinesAsync(next, others);
        File.Move(next, file, overwrite: true);
    }

    /// <summary>As <see cref="Tell"/>; with nothing left to serve it waits for the server's end.</summary>
    public async Task TellOfRemovalAsync()
    {
        Tell();
        for (var attempt = 0; attempt < Attempts && IsIdle(); attempt++)
        {
            await Task.Delay(Pause);
            Tell();
        }
    }

    /// <summary>Makes the server read its files again; with none left it ends. While it reads it is deaf: whoever must be heard says it again.</summary>
    public void Tell()
    {
        if (ServerPid() is not { } pid) return;
        using var server = PidDescriptor.Open(pid);
        // Looked at while it is held: nobody else can have become this process.
        if (server is not null && IsServer(pid)) PidDescriptor.Signal(server, ReadAgain);
    }

    // netavark marks the networks whose queries must not leave.
    private string? FileOf(Core.Networks.Network network)
    {
        var file = Path.Join(Directory, NetavarkConfig.NameOf(network));
        return File.Exists(file) ? file : File.Exists(file + "%int") ? file + "%int" : null;
    }

    private bool IsIdle() => ServerPid() is { } pid && IsServer(pid) && global::System.IO.Directory.GetFiles(Directory).All(file => file.EndsWith("aardvark.pid", StringComparison.Ordinal));

    private int? ServerPid() => ReadText(Path.Join(Directory, "aardvark.pid")) is { } text && int.TryParse(text, CultureInfo.InvariantCulture, out var pid) ? pid : null;

    private static bool IsServer(int pid) => ReadText($"/proc/{pid}/comm") is { } name && name.StartsWith("aardvark", StringComparison.Ordinal);

    private static string? ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
