using System.Text;
using Podsharp.Core.Containers;
using Podsharp.Core.Networks;
using Podsharp.Engine.Containers.Launch;

namespace Podsharp.Engine.Networks;

/// <summary>
/// Brings hosts and resolv.conf of a container that runs up to its networks. They are mounted into it, so they are written in place; what its
/// processes wrote into them is theirs and stays.
/// </summary>
public sealed class LiveNetworkFiles(LaunchFiles files, ContainerNetworkFiles texts, ContainerLinks links)
{
    // The container may write what it likes there.
    private const int LargestFile = 1 << 20;

    private readonly Lock _gate = new();

    public void Update(Container container, IReadOnlyList<(Endpoint, Network)> before, Container next, IReadOnlyList<(Endpoint, Network)> after)
    {
        var (old, now) = (Plan(container, before), Plan(container, after));
        Rewrite(files.Hosts(container.Id), text => HostsFile.Change(text, texts.Hosts(container, old), texts.Hosts(next, now)));
        Rewrite(files.ResolvConf(container.Id), text => text == texts.ResolvConf(container, old) ? texts.ResolvConf(container, now) : text);
    }

    /// <summary>A container has its addresses: those that have a name of their own for it learn them.</summary>
    public void TellThoseLinkedTo(Container target)
    {
        foreach (var (container, names, address) in links.To(target))
            Rewrite(files.Hosts(container.Id), text => HostsFile.Readdress(text, names, address));
    }

    private static NetworkPlan Plan(Container container, IReadOnlyList<(Endpoint, Network)> endpoints) =>
        new() { ContainerId = container.Id, Kind = NetworkPlanKind.Networks, Endpoints = endpoints };

    private void Rewrite(string path, Func<string, string> change)
    {
        // Two containers that start at once may both be linked to.
        lock (_gate) RewriteAlone(path, change);
    }

    private static void RewriteAlone(string path, Func<string, string> change)
    {
        if (!File.Exists(path)) return;
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        if (file.Length > LargestFile) return;
        var bytes = new byte[file.Length];
        var text = Encoding.UTF8.GetString(bytes, 0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
        var changed = change(text);
        if (changed == text) return;
        // Never empty in between: somebody may be reading it.
        var result = Encoding.UTF8.GetBytes(changed);
        file.Position = 0;
        file.Write(result);
        file.SetLength(result.Length);
    }
}
