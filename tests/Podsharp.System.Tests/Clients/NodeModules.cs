using System.Security.Cryptography;

namespace Podsharp.System.Tests.Clients;

/// <summary>The clients that Scripts/package.json pins, installed once below artifacts/.</summary>
internal static class NodeModules
{
    private static readonly Lazy<Task<string?>> Installed = new(InstallAsync);

    /// <summary>Ignores the test, with the reason, where they can't be had.</summary>
    /// <returns>The directory for NODE_PATH.</returns>
    public static async Task<string> RequireAsync()
    {
        if (await Installed.Value is { } reason) Assert.Ignore(reason);
        return Path.Join(Home, "node_modules");
    }

    private static string Home => Path.Join(ServiceBinary.SourceRoot(), "artifacts", "clients");

    /// <returns>Why they can't be had, or null.</returns>
    private static async Task<string?> InstallAsync()
    {
        foreach (var program in (string[])["node", "npm"])
            if ((await new Command("sh", "-c", $"command -v {program}").RunAsync()).ExitCode != 0) return $"{program} is not installed (package nodejs or npm)";
        var scripts = Path.Join(ServiceBinary.SourceRoot(), "tests", "Podsharp.System.Tests", "Clients", "Scripts");
        var wanted = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Join(scripts, "package-lock.json"))));
        var stamp = Path.Join(Home, "installed");
        if (File.Exists(stamp) && await File.ReadAllTextAsync(stamp) == wanted) return null;

        Directory.CreateDirectory(Home);
        foreach (var name in (string[])["package.json", "package-lock.json"]) File.Copy(Path.Join(scripts, name), Path.Join(Home, name), overwrite: true);
        // Without their install scripts, which compile optional parts of ssh2.
        var install = await new Command("npm", "ci", "--prefix", Home, "--ignore-scripts", "--no-audit", "--no-fund") { Timeout = TimeSpan.FromMinutes(4) }.RunAsync();
        if (install.ExitCode != 0) return $"npm cannot install the clients: {install.Error}";
        await File.WriteAllTextAsync(stamp, wanted);
        return null;
    }
}
