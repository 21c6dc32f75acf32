using Podsharp.Core.Networks;
using Podsharp.Core.Storage;
using Podsharp.Linux.Namespaces;

namespace Podsharp.Drivers.Network;

/// <summary>Namespaces that stand in for containers' own, where netavark wants one to look into and there is none, or the container's must not be touched.</summary>
internal sealed class StandIns(StorePaths paths, BridgeNamespace space)
{
    /// <param name="call">Is given the namespace's path; beside it, with ".d" behind, is a directory for the call. Both go after it.</param>
    public async Task UseAsync(string containerId, Func<string, Task> call)
    {
        Directory.CreateDirectory(paths.NetworkRun);
        var standIn = Path.Join(paths.NetworkRun, $"gone-{containerId}");
        NetworkNamespace.Remove(standIn);
        await NetworkNamespace.CreateAsync(standIn, new Dictionary<string, string>());
        try
        {
            Directory.CreateDirectory(standIn + ".d");
            await call(standIn);
        }
        finally
        {
            NetworkNamespace.Remove(standIn);
            Directory.Delete(standIn + ".d", recursive: true);
        }
    }

    /// <summary>
    /// As <see cref="UseAsync"/>, where the call gives the stand-in the addresses of a container that runs. The bridges go on sending to the container:
    /// the stand-in would refuse what is meant for it, and end its connections.
    /// </summary>
    /// <param name="endpoints">The container's interfaces that are ports of bridges.</param>
    public async Task UseBesideAsync(string containerId, string namespacePath, IReadOnlyList<Endpoint> endpoints, Func<string, Task> call)
    {
        foreach (var endpoint in endpoints) await TryAsync(BridgePorts.HoldAsync(space, namespacePath, endpoint.InterfaceName, endpoint.MacAddress));
        try
        {
            await UseAsync(containerId, async path =>
            {
                try
                {
                    await call(path);
                }
                finally
                {
                    // With the namespace they would go some time later.
                    foreach (var endpoint in endpoints) await BridgePorts.DetachAsync(path, endpoint.InterfaceName);
                }
            });
        }
        finally
        {
            foreach (var endpoint in endpoints) await TryAsync(BridgePorts.LetGoAsync(space, namespacePath, endpoint.InterfaceName, endpoint.MacAddress));
        }
    }

    // A container may have done anything to its interfaces, and what the call is for matters more.
    private static async Task TryAsync(Task work)
    {
        try
        {
            await work;
        }
        catch (IOException)
        {
        }
    }
}
