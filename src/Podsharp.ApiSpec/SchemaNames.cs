using Podsharp.Wire.Common;

namespace Podsharp.ApiSpec;

/// <summary>A wire type's own name; with its room before it where several rooms have a type of that name.</summary>
internal static class SchemaNames
{
    private static readonly HashSet<string> Shared =
        [.. typeof(ErrorReply).Assembly.GetExportedTypes().CountBy(static type => type.Name).Where(static pair => pair.Value > 1).Select(static pair => pair.Key)];

    public static string Of(Type type)
    {
        if (type.IsGenericType) return type.Name.Split('`')[0] + "Of" + string.Concat(type.GetGenericArguments().Select(Of));
        return Shared.Contains(type.Name) ? type.Namespace!.Split('.')[^1] + type.Name : type.Name;
    }
}
