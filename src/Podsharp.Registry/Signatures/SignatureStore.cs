using System.Net;
using Microsoft.Extensions.Logging;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;
using Podsharp.Registry.Distribution;
using Podsharp.Registry.Transport;

namespace Podsharp.Registry.Signatures;

/// <summary>Signatures beside a registry: numbered files below PLACE/REPOSITORY@sha256=HEX, in a directory or on a web server.</summary>
public sealed class SignatureStore(RegistryOptions options, TimeProvider clock, ILogger<SignatureStore> logger) : IDisposable
{
    private const int Most = 128;
    private const int LargestSignature = 4 << 20;

    private readonly RegistryHosts _hosts = new(options);
    private readonly Lazy<Retries> _retries = new(() => new Retries(options.Patience, clock, logger));

    public void Dispose() => _hosts.Dispose();

    internal async Task<IReadOnlyList<SimpleSignature>> ReadAsync(Uri place, string repository, Digest digest, CancellationToken cancellationToken)
    {
        var found = new List<SimpleSignature>();
        while (true)
        {
            var address = new Uri($"{place.AbsoluteUri.TrimEnd('/')}/{repository}@sha256={digest.Hex}/signature-{found.Count + 1}");
            var content = address.IsFile ? ReadFile(address.LocalPath) : await FetchAsync(address, cancellationToken);
            if (content is null) return found;
            if (found.Count == Most) throw new EngineException(ErrorKind.InvalidData, $"{place} has more than {Most} signatures of {repository}@{digest}");
            found.Add(new SimpleSignature(content));
        }
    }

    private static byte[]? ReadFile(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            if (file.Length > LargestSignature) throw TooLarge(path);
            var content = new byte[file.Length];
            file.ReadExactly(content);
            return content;
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw EngineException.InvalidInput($"the signature {path} cannot be read: {failure.Message}");
        }
    }

    private async Task<byte[]?> FetchAsync(Uri address, CancellationToken cancellationToken)
    {
        var host = _hosts.For(new RegistryEndpoint(address.Authority, ""));
        using var answer = await _retries.Value.RunAsync(
            async token =>
            {
                var answer = await host.SendAsync(new RegistryCall(HttpMethod.Get, address), token);
                await Bodies.BufferAsync(answer, LargestSignature, token);
                return answer;
            },
            host.Name,
            cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotFound) return null;
        if (answer.StatusCode != HttpStatusCode.OK) throw await RegistryFailures.FromAsync(answer, $"reading the signature {address}", cancellationToken);
        return await answer.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    private static EngineException TooLarge(string what) => new(ErrorKind.InvalidData, $"the signature {what} is larger than {LargestSignature} bytes");
}
