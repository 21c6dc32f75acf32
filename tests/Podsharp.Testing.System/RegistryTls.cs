namespace Podsharp.Testing.System;

/// <summary>A registry's certificate by an authority of the test's own, made by openssl.</summary>
/// <param name="Address">An IP address that is not of loopback, where engines ask for no certificate.</param>
/// <param name="Authority">PEM file, as the other two.</param>
public sealed record RegistryTls(string Address, string Authority, string Certificate, string Key)
{
    private static readonly string[] NewKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

    /// <summary>PEM files of whom the registry lets in; null: it asks nobody who he is.</summary>
    public (string Certificate, string Key)? Client { get; private init; }

    /// <param name="name">What it may be called beside its address.</param>
    public static async Task<RegistryTls> MakeAsync(string directory, string address, string name = "registry.example")
    {
        var tls = new RegistryTls(address, Path.Join(directory, "ca.pem"), Path.Join(directory, "server.pem"), Path.Join(directory, "server.key"));
        var (authorityKey, request, names) = (Path.Join(directory, "ca.key"), Path.Join(directory, "server.csr"), Path.Join(directory, "names"));
        await File.WriteAllTextAsync(names, $"subjectAltName=IP:{address},DNS:{name}\n");
        await new Command("openssl", ["req", "-x509", .. NewKey, "-keyout", authorityKey, "-out", tls.Authority, "-days", "2", "-subj", "/CN=Test authority"]).OutputAsync();
        await new Command("openssl", ["req", .. NewKey, "-keyout", tls.Key, "-out", request, "-subj", "/CN=registry"]).OutputAsync();
        await new Command(
            "openssl", "x509", "-req", "-in", request, "-CA", tls.Authority, "-CAkey", authorityKey, "-CAcreateserial", "-out", tls.Certificate, "-days", "1", "-extfile", names).OutputAsync();
        return tls;
    }

    /// <summary>The same for a registry which wants that its clients show a certificate by the authority.</summary>
    public async Task<RegistryTls> ForClientsAsync()
    {
        var directory = Path.GetDirectoryName(Authority)!;
        var (certificate, key, request) = (Path.Join(directory, "client.pem"), Path.Join(directory, "client.key"), Path.Join(directory, "client.csr"));
        await new Command("openssl", ["req", .. NewKey, "-keyout", key, "-out", request, "-subj", "/CN=client"]).OutputAsync();
        await new Command(
            "openssl", "x509", "-req", "-in", request, "-CA", Authority, "-CAkey", Path.Join(directory, "ca.key"), "-CAcreateserial", "-out", certificate, "-days", "1").OutputAsync();
        return this with { Client = (certificate, key) };
    }
}
