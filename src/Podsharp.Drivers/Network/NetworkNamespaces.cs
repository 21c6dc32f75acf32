using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Networks;
using Podsharp.Core.Storage;
using Podsharp.Linux;
using Podsharp.Linux.Namespaces;

namespace Podsharp.Drivers.Network;

public sealed class NetworkNamespaces(StorePaths paths) : INetworkNamespaces
{
    public async Task<string> CreateAsync(ContainerId id, IReadOnlyDictionary<string, string> sysctls, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = paths.NetworkNamespace(id);
        try
        {
            Directory.CreateDirectory(paths.NetworkNamespaces);
            // One left by a start that was cut short has nobody in it.
            if (File.Exists(path)) NetworkNamespace.Remove(path);
            await NetworkNamespace.CreateAsync(path, sysctls);
            return path;
        }
        catch (SysctlException exception)
        {
            throw EngineException.InvalidInput(exception.Message);
        }
        catch (SystemCallException exception)
        {
            throw EngineException.Internal($"making a network namespace: {exception.Message}", exception);
        }
    }

    public Task RemoveAsync(string path, CancellationToken cancellationToken)
    {
        NetworkNamespace.Remove(path);
        return Task.CompletedTask;
    }
}
