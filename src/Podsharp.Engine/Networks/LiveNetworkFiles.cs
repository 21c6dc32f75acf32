using System.Text;
using Podsharp.Core.Containers;
using Podsharp.Core.Networks;
using Podsharp.Engine.Containers.Launch;

namespace Podsharp.Engine.Networks;

/// <summary>
/// Brings hosts and resolv.conf of a container that runs up to its networks. They are mounted into it, so they are written in place; what its
/// processes wrote into them is theirs and stays.
/// </summary>
public sealed class LiveNetworkFiles(LaunchFiles files, ContainerNetworkFiles texts)
{
    // The container may write what it likes there.
    private const int LargestFile = 1 << 20;

    public void Update(Container container, IReadOnlyList<(Endpoint, Network)> before, IReadOnlyList<(Endpoint, Network)> after)
    {
        var (old, now) = (Plan(container, before), Plan(container, after));
        Rewrite(files.Hosts(container.Id), text => HostsFile.Change(text, texts.Hosts(container, old), texts.Hosts(container, now)));
        Rewrite(files.ResolvConf(container.Id), text => text == texts.ResolvConf(container, old) ? texts.ResolvConf(container, now) : text);
    }

    private static NetworkPlan Plan(Container container, IReadOnlyList<(Endpoint, Network)> endpoints) =>
        new() { ContainerId = container.Id, Kind = NetworkPlanKind.Networks, Endpoints = endpoints };

    private static void Rewrite(string path, Func<string, string> change)
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
