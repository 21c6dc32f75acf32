using Podsharp.Registry.Configuration;

namespace Podsharp.Registry.Tests;

/// <summary>A directory of a test's own, with the configuration in it.</summary>
internal sealed class Scratch : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("podsharp-registry-").FullName;

    public RegistryPlaces Places => new()
    {
        RegistriesConf = [Path("registries.conf")],
        RegistriesConfDirectories = [Path("registries.conf.d")],
        ShortNameCache = Path("short-name-aliases.conf"),
        CertificateDirectories = [Path("certs.d"), Path("other-certs.d")],
        AuthFiles = [Path("auth.json"), Path("config.json")],
        Policies = [Path("policy.json")],
        SignatureConfigurations = [Path("registries.d")],
        SignatureStore = Path("sigstore"),
    };

    public string Path(string name) => System.IO.Path.Join(Root, name);

    public Scratch Write(string name, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(name))!);
        File.WriteAllText(Path(name), text);
        return this;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
