using System.Globalization;
using System.Text.RegularExpressions;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Queries;

namespace Podsharp.Engine.Containers;

/// <summary>The filters of the container list, checked and made ready.</summary>
internal sealed class ContainerFilter
{
    private static readonly string[] Phases = ["created", "restarting", "running", "removing", "paused", "exited", "dead"];
    private static readonly string[] HealthStates = ["starting", "healthy", "unhealthy", "none"];

    private readonly List<Func<Container, bool>> _tests = [];

    /// <summary>A state was asked for by name, so containers that are down count too.</summary>
    public bool AsksForState { get; private init; }

    public static ContainerFilter Parse(Filters filters, ContainerLookup lookup, IImageStore images)
    {
        filters.Knowing(
            "ancestor", "before", "expose", "exited", "health", "id", "isolation", "is-task", "label", "label!", "name", "network", "publish",
            "since", "status", "volume");
        foreach (var status in filters["status"])
            if (!Phases.Contains(status)) throw EngineException.InvalidInput($"invalid filter 'status={status}'");
        foreach (var health in filters["health"])
            if (!HealthStates.Contains(health)) throw EngineException.InvalidInput($"unrecognized filter value for health: {health}");
        var exitCodes = filters["exited"].Select(ParseExitCode).ToHashSet();
        var result = new ContainerFilter { AsksForState = filters.Has("status") || filters.Has("exited") };
        result.AddText(filters);
        result.AddRelations(filters, lookup, images);
        if (filters.Has("status")) result._tests.Add(item => filters["status"].Contains(PhaseText(item.State.Phase)));
        if (exitCodes.Count > 0) result._tests.Add(item => item.State.Phase == ContainerPhase.Exited && exitCodes.Contains(item.State.ExitCode));
        if (filters.Flag("is-task") is true) result._tests.Add(static _ => false);
        if (filters.Has("health")) result._tests.Add(item => filters["health"].Contains(item.State.Health?.Status.ToString().ToLowerInvariant() ?? "none"));
        return result;
    }

    public bool Matches(Container container)
    {
        foreach (var test in _tests)
            if (!test(container)) return false;
        return true;
    }

    public static string PhaseText(ContainerPhase phase) => phase.ToString().ToLowerInvariant();

    private void AddText(Filters filters)
    {
        if (filters.Has("label") || filters.Has("label!")) _tests.Add(item => filters.MatchesLabels(item.Spec.Labels));
        if (filters.Has("id")) _tests.Add(item => filters["id"].Any(text => item.Id.ToString().StartsWith(text, StringComparison.Ordinal)));
        if (!filters.Has("name")) return;
        var names = filters["name"].Select(ParseName).ToList();
        _tests.Add(item => names.Any(name => name.IsMatch("/" + item.Name) || name.IsMatch(item.Name)));
    }

    private void AddRelations(Filters filters, ContainerLookup lookup, IImageStore images)
    {
        foreach (var text in filters["before"].Select(lookup.Find)) _tests.Add(item => item.Created < text.Created);
        foreach (var text in filters["since"].Select(lookup.Find)) _tests.Add(item => item.Created > text.Created);
        if (filters.Has("ancestor")) AddAncestor(filters["ancestor"], images);
        if (filters.Has("volume"))
            _tests.Add(item => filters["volume"].Any(text =>
                item.Mounts.Any(mount => mount.VolumeName == text || mount.Source == text || mount.Target == text)));
        if (filters.Has("network")) _tests.Add(item => filters["network"].Any(text => IsOn(item, text)));
        // The port by which the host is asked, not the one behind it.
        if (filters.Has("publish"))
            AddPorts(filters["publish"], static item => item.State.Ports.Select(static port => port.Container with { Port = port.HostPort }));
        if (filters.Has("expose")) AddPorts(filters["expose"], static item => item.Spec.Network.ExposedPorts);
    }

    private void AddAncestor(IReadOnlyList<string> names, IImageStore images)
    {
        var wanted = new HashSet<Digest>();
        foreach (var name in names)
        {
            if (Digest.TryParse(name, out var id)) wanted.Add(id);
            else if (ImageReference.TryParse(name, out var reference) && images.FindPlatforms(reference.WithDefaultTag()) is { Count: > 0 } found)
                wanted.UnionWith(found.Select(static image => image.Id));
            else if (name.Length >= 4) wanted.UnionWith(images.FindByPrefix(name).Select(static found => found.Id));
        }

        var layers = wanted.Select(images.Find).OfType<Image>().Select(static image => image.Layers).ToList();
        _tests.Add(item => wanted.Contains(item.ImageId) || layers.Any(below => item.Layers.Take(below.Count).SequenceEqual(below)));
    }

    private void AddPorts(IReadOnlyList<string> texts, Func<Container, IEnumerable<PortKey>> of)
    {
        var ports = texts.SelectMany(PortKey.ParseRange).ToHashSet();
        _tests.Add(item => of(item).Any(ports.Contains));
    }

    private static bool IsOn(Container container, string network) =>
        container.State.Endpoints.Any(end => end.NetworkName == network || end.NetworkId.StartsWith(network, StringComparison.Ordinal))
        || (container.Spec.Network.Mode.Kind, network) is (NamespaceKind.None, "none") or (NamespaceKind.Host, "host")
        || container.Spec.Network.Places().ContainsKey(network == "bridge" && container.Spec.Network.Endpoints.Count == 0 ? "default" : network);

    private static Regex ParseName(string text)
    {
        try
        {
            return new Regex(text, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            throw EngineException.InvalidInput($"invalid filter 'name={text}': not a regular expression");
        }
    }

    private static int ParseExitCode(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var code)
            ? code
            : throw EngineException.InvalidInput($"invalid filter 'exited={text}': want a number");
}
