namespace Podsharp.Service.Options;

/// <summary>
/// storage.conf(5): the store's layout is our own and always native overlay, so the file can only agree with that (nothing happens), ask for
/// another driver (a fault), or set something that has no effect here (a notice).
/// </summary>
internal static class StorageConfiguration
{
    private static readonly string[] WithoutEffect =
    [
        "storage.imagestore", "storage.transient_store", "storage.options.additionalimagestores", "storage.options.overlay.mount_program",
        "storage.options.overlay.ignore_chown_errors", "storage.options.overlay.size", "storage.options.overlay.inodes", "storage.options.overlay.force_mask",
        "storage.options.mount_program", "storage.options.ignore_chown_errors", "storage.options.size", "storage.options.inodes",
    ];

    /// <param name="file">Null: there is none.</param>
    public static (IReadOnlyList<string> Faults, IReadOnlyList<string> Notices) Read(string? file)
    {
        if (file is null) return ([], []);
        var values = new Dictionary<string, object>();
        ConfigurationFile.ReadInto(values, file);
        List<string> faults = [];
        CheckDriver(new Settings(values, faults), faults);
        var notices = WithoutEffect.Where(key => values.TryGetValue(key, out var value) && IsSet(value)).Select(key => Notice(file, key));
        return ([.. faults.Select(fault => $"{file}: {fault}")], [.. notices]);
    }

    private static void CheckDriver(Settings settings, List<string> faults)
    {
        var driver = settings.Text("storage.driver", "");
        if (driver is not ("" or "overlay" or "overlay2"))
        {
            faults.Add($"storage.driver: \"{driver}\" is not supported, the store is native overlay: set \"overlay\", or name another file by CONTAINERS_STORAGE_CONF");
            return;
        }

        var priority = settings.List("storage.driver_priority", []);
        if (driver.Length == 0 && priority.Count > 0 && !priority.Contains("overlay"))
            faults.Add("storage.driver_priority: overlay is not among them, and the store can be nothing else: add \"overlay\"");
    }

    private static bool IsSet(object value) => value switch
    {
        string text => text is not ("" or "false"),
        bool flag => flag,
        ConfiguredList list => list.Items.Count > 0,
        _ => true,
    };

    private static string Notice(string file, string key) => key.EndsWith("mount_program", StringComparison.Ordinal)
        ? $"{file}: {key} has no effect: the store is mounted by the kernel's own overlay, never by a program"
        : $"{file}: {key} has no effect on this engine's store";
}
