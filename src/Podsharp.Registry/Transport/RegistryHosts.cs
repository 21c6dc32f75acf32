using System.Collections.Concurrent;
using Podsharp.Core.Registries;
using Podsharp.Registry.Certificates;

namespace Podsharp.Registry.Transport;

/// <summary>The hosts met so far, so that callers share connections and tokens.</summary>
internal sealed class RegistryHosts(RegistryOptions options) : IDisposable
{
    private readonly ConcurrentDictionary<(string Name, bool Insecure), RegistryHost> _hosts = [];

    public RegistryHost For(RegistryEndpoint endpoint)
    {
        var stamp = HostCertificates.StampOf(options.Places.CertificateDirectories, endpoint.Host);
        // One with certificates of yesterday is left to those who still use it; its idle connections close by themselves.
        return _hosts.AddOrUpdate(
            (endpoint.Host, endpoint.Insecure),
            key => new RegistryHost(key.Name, key.Insecure, stamp, options),
            (key, known) => known.CertificateStamp == stamp ? known : new RegistryHost(key.Name, key.Insecure, stamp, options));
    }

    public void Dispose()
    {
        foreach (var host in _hosts.Values) host.Dispose();
    }
}
