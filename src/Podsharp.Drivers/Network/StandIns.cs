using Podsharp.Core.Storage;
using Podsharp.Linux.Namespaces;

namespace Podsharp.Drivers.Network;

/// <summary>Namespaces that stand in for containers' own, where netavark wants one to look into and there is none, or the container's must not be touched.</summary>
internal sealed class StandIns(StorePaths paths)
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
}
