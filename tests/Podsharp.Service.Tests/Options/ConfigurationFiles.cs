using Podsharp.Service.Options;

namespace Podsharp.Service.Tests.Options;

/// <summary>Configuration files of one test, named by the environment as users name theirs.</summary>
internal sealed class ConfigurationFiles : IDisposable
{
    private static readonly string[] Variables = ["CONTAINERS_CONF", "CONTAINERS_CONF_OVERRIDE", "CONTAINERS_STORAGE_CONF"];
    private readonly string _directory = Directory.CreateTempSubdirectory("podsharp-options-").FullName;
    private readonly Dictionary<string, string?> _before = Variables.ToDictionary(name => name, Environment.GetEnvironmentVariable);

    public ConfigurationFiles()
    {
        foreach (var name in Variables) Name(name, "");
    }

    /// <returns>The file's path.</returns>
    public string Name(string variable, string content)
    {
        var path = Path.Join(_directory, variable + ".conf");
        File.WriteAllText(path, content);
        Environment.SetEnvironmentVariable(variable, path);
        return path;
    }

    public static ServiceOptions Read() => ServiceOptions.Read(new CommandLine(), rootless: false);

    public void Dispose()
    {
        foreach (var (name, value) in _before) Environment.SetEnvironmentVariable(name, value);
        Directory.Delete(_directory, recursive: true);
    }
}
