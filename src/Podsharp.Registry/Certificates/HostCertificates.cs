using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Podsharp.Core.Errors;

namespace Podsharp.Registry.Certificates;

/// <summary>
/// What certs.d holds for one host (containers-certs.d(5)): <c>*.crt</c> are authorities to trust beside the machine's, <c>NAME.cert</c> with
/// <c>NAME.key</c> is who we are.
/// </summary>
internal sealed record HostCertificates(X509Certificate2Collection Authorities, X509Certificate2Collection Clients)
{
    /// <param name="directories">The certs.d directories.</param>
    /// <param name="host">Host with its port, as the name has it.</param>
    public static HostCertificates Read(IReadOnlyList<string> directories, string host)
    {
        var found = new HostCertificates([], []);
        foreach (var file in FilesOf(directories, host))
        {
            try
            {
                found.Add(file);
            }
            catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
            {
                throw EngineException.InvalidInput($"{file} cannot be used for registry {host}: {failure.Message}");
            }
        }

        return found;
    }

    /// <summary>Changes whenever a file of the host comes, goes or is written.</summary>
    public static string StampOf(IReadOnlyList<string> directories, string host) =>
        string.Join('|', FilesOf(directories, host).Select(file => $"{file}:{File.GetLastWriteTimeUtc(file).Ticks}"));

    private static IEnumerable<string> FilesOf(IReadOnlyList<string> directories, string host) =>
        directories.Select(directory => Path.Join(directory, host))
            .Where(Directory.Exists)
            .SelectMany(directory => Directory.GetFiles(directory).Order(StringComparer.Ordinal))
            .Where(file => Path.GetExtension(file) is ".crt" or ".cert" or ".key");

    private void Add(string file)
    {
        switch (Path.GetExtension(file))
        {
            case ".crt":
                Authorities.ImportFromPemFile(file);
                break;
            case ".cert":
                var key = Path.ChangeExtension(file, ".key");
                if (!File.Exists(key)) throw new IOException($"missing key {key} for client certificate {file}");
                Clients.Add(X509Certificate2.CreateFromPemFile(file, key));
                break;
            case ".key" when !File.Exists(Path.ChangeExtension(file, ".cert")):
                throw new IOException($"missing client certificate {Path.ChangeExtension(file, ".cert")} for key {file}");
        }
    }
}
