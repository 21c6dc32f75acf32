namespace Podsharp.Testing.System;

/// <summary>A registry's certificate by an authority of the test's own, made by openssl.</summary>
/// <param name="Address">An IP address that is not of loopback, where engines ask for no certificate.</param>
/// <param name="Authority">PEM file, as the other two.</param>
public sealed record RegistryTls(string Address, string Authority, string Certificate, string Key)
{
    public static async Task<RegistryTls> MakeAsync(string directory, string address)
    {
        var tls = new RegistryTls(address, Path.Join(directory, "ca.pem"), Path.Join(directory, "server.pem"), Path.Join(directory, "server.key"));
        var (authorityKey, request, names) = (Path.Join(directory, "ca.key"), Path.Join(directory, "server.csr"), Path.Join(directory, "names"));
        await File.WriteAllTextAsync(names, $"subjectAltName=IP:{address}\n");
        string[] key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
        await new Command("openssl", ["req", "-x509", .. key, "-keyout", authorityKey, "-out", tls.Authority, "-days", "2", "-subj", "/CN=Test authority"]).OutputAsync();
        await new Command("openssl", ["req", .. key, "-keyout", tls.Key, "-out", request, "-subj", "/CN=registry"]).OutputAsync();
        await new Command(
            "openssl", "x509", "-req", "-in", request, "-CA", tls.Authority, "-CAkey", authorityKey, "-CAcreateserial", "-out", tls.Certificate, "-days", "1", "-extfile", names).OutputAsync();
        return tls;
    }
}
