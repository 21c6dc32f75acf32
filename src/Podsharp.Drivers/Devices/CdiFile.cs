using System.Text.RegularExpressions;
using Podsharp.Core.Host;
using Podsharp.Core.Oci;
using YamlDotNet.Core;

namespace Podsharp.Drivers.Devices;

/// <summary>One CDI file (CDI specification 0.8): the devices of one kind, and what all of them bring along.</summary>
/// <param name="Kind">vendor.com/class.</param>
/// <param name="Common">Once for a container, whichever of the devices it has.</param>
/// <param name="Devices">By their names.</param>
internal sealed partial record CdiFile(string Kind, DeviceEdits Common, IReadOnlyDictionary<string, DeviceEdits> Devices)
{
    private const int LargestSize = 16 << 20;

    /// <exception cref="CdiFormatException">It is none; or it asks for something that is not supported here, which is named.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static CdiFile Read(string path)
    {
        using var stream = File.OpenRead(path);
        if (stream.Length > LargestSize) throw new CdiFormatException("it is too large");
        using var text = new StreamReader(stream);
        try
        {
            return Read(new CdiNode(YamlTree.Read(text), ""));
        }
        catch (YamlException exception)
        {
            throw new CdiFormatException($"line {exception.Start.Line}: {exception.Message}");
        }
    }

    /// <summary>Reads "vendor.com/class=name"; false: it is no such name.</summary>
    public static bool TrySplit(string name, out string kind, out string device)
    {
        var match = QualifiedName().Match(name);
        (kind, device) = (match.Groups["kind"].Value, match.Groups["device"].Value);
        return match.Success;
    }

    private static CdiFile Read(CdiNode file)
    {
        _ = file.RequiredText("cdiVersion");
        var kind = file.RequiredText("kind");
        var devices = new Dictionary<string, DeviceEdits>();
        foreach (var device in file.Nodes("devices"))
        {
            var name = device.RequiredText("name");
            if (!TrySplit($"{kind}={name}", out _, out _)) throw new CdiFormatException($"\"{kind}={name}\" is no name of a device");
            device.Pass("annotations");
            if (!devices.TryAdd(name, Edits(device.Node("containerEdits")))) throw new CdiFormatException($"the device \"{name}\" is there twice");
            device.End();
        }

        file.Pass("annotations");
        var common = Edits(file.Node("containerEdits"));
        file.End();
        return new CdiFile(kind, common, devices);
    }

    private static DeviceEdits Edits(CdiNode? edits)
    {
        if (edits is null) return new DeviceEdits();
        var read = new DeviceEdits
        {
            Environment = [.. edits.Texts("env").Select(entry => entry.IndexOf('=', StringComparison.Ordinal) > 0 ? entry : throw new CdiFormatException($"env: \"{entry}\" is not NAME=value"))],
            Nodes = [.. edits.Nodes("deviceNodes").Select(Node)],
            Mounts = [.. edits.Nodes("mounts").Select(Mount)],
            Hooks = Hooks(edits.Nodes("hooks")),
            AdditionalGroups = [.. edits.Texts("additionalGids").Select(text => uint.TryParse(text, out var group) ? group : throw new CdiFormatException($"additionalGids: \"{text}\" is no group id")).Where(group => group != 0)],
        };
        edits.End();
        return read;
    }

    private static DeviceNodeEdit Node(CdiNode node)
    {
        var path = Absolute(node.RequiredText("path"));
        var host = node.Text("hostPath");
        var type = node.Text("type");
        if (type is not ("" or "b" or "c" or "u" or "p")) throw new CdiFormatException($"deviceNodes: {path} is of the unknown type \"{type}\"");
        var permissions = node.Text("permissions");
        if (permissions.Any(static letter => letter is not ('r' or 'w' or 'm'))) throw new CdiFormatException($"deviceNodes: {path} has the unknown permissions \"{permissions}\"");
        var edit = new DeviceNodeEdit(
            path, host.Length > 0 ? Absolute(host) : path, type.Length > 0 ? type : null, node.Number("major"), node.Number("minor"), (uint?)node.Number("fileMode"), permissions,
            (uint?)node.Number("uid"), (uint?)node.Number("gid"));
        node.End();
        return edit;
    }

    private static RuntimeMount Mount(CdiNode mount)
    {
        var (source, target, type, options) = (mount.RequiredText("hostPath"), Absolute(mount.RequiredText("containerPath")), mount.Text("type"), mount.Texts("options"));
        mount.End();
        // A bind by its options; the type of one means nothing.
        return new RuntimeMount(target, type.Length > 0 ? type : "bind", source, options.Count > 0 || type.Length > 0 ? options : ["rbind", "ro"]);
    }

    private static RuntimeHooks Hooks(IReadOnlyList<CdiNode> hooks)
    {
        var all = new RuntimeHooks();
        foreach (var node in hooks)
        {
            var (name, timeout) = (node.RequiredText("hookName"), node.Number("timeout"));
            IReadOnlyList<string> arguments = node.Texts("args"), environment = node.Texts("env");
            var hook = new RuntimeHook(
                Absolute(node.RequiredText("path")), arguments.Count > 0 ? arguments : null, environment.Count > 0 ? environment : null, timeout > 0 ? (int)timeout : null);
            node.End();
            all = all.With(name, hook) ?? throw new CdiFormatException($"hooks: \"{name}\" is no point of a container's life");
        }

        return all;
    }

    private static string Absolute(string path) => path.StartsWith('/') ? path : throw new CdiFormatException($"\"{path}\" is no absolute path");

    // A vendor is a domain name, a class a word; a device may begin with a digit.
    [GeneratedRegex(@"^(?<kind>[A-Za-z]([A-Za-z0-9_.-]*[A-Za-z0-9])?/[A-Za-z]([A-Za-z0-9_-]*[A-Za-z0-9])?)=(?<device>[A-Za-z0-9]([A-Za-z0-9_.:-]*[A-Za-z0-9])?)$")]
    private static partial Regex QualifiedName();
}
