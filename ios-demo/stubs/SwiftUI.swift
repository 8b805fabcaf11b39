// Not SwiftUI. The names that the views use, with bodies that do nothing, so that a machine without Apple's SDK can check
// that the views fit the models of `AppModel`. It says nothing about SwiftUI itself: a view that passes here may still not
// compile there.

@_exported import Foundation
@_exported import Observation

@MainActor @preconcurrency
public protocol View {
  associatedtype Body: View
  @ViewBuilder var body: Body { get }
}

extension Never: View { public var body: Never { return fatalError() } }

public struct Stub: View {
  nonisolated init() {}
  public var body: Never { return fatalError() }
}

@resultBuilder
public enum ViewBuilder {
  public static func buildExpression(_ view: some View) -> Stub { Stub() }
  public static func buildBlock(_ views: Stub...) -> Stub { Stub() }
  public static func buildOptional(_ view: Stub?) -> Stub { Stub() }
  public static func buildEither(first: Stub) -> Stub { Stub() }
  public static func buildEither(second: Stub) -> Stub { Stub() }
}

@propertyWrapper
public struct State<Value> {
  public init(wrappedValue: Value) { fatalError() }
  public var wrappedValue: Value { get { fatalError() } nonmutating set {} }
  public var projectedValue: Binding<Value> { fatalError() }
}

@propertyWrapper
public struct Binding<Value> {
  // As Apple's: what these closures touch must say on which actor it is.
  @preconcurrency public init(
    get: @escaping @isolated(any) @Sendable () -> Value, set: @escaping @isolated(any) @Sendable (Value) -> Void
  ) {}
  public var wrappedValue: Value { get { fatalError() } nonmutating set {} }
  public var projectedValue: Binding<Value> { self }
}

public protocol EnvironmentKey {
  associatedtype Value
  static var defaultValue: Value { get }
}

public enum ScenePhase: Sendable { case background, inactive, active }

public struct EnvironmentValues {
  public var scenePhase: ScenePhase { fatalError() }
  public subscript<Key: EnvironmentKey>(_ key: Key.Type) -> Key.Value { get { fatalError() } set {} }
}

@propertyWrapper
public struct Environment<Value> {
  public init(_ path: KeyPath<EnvironmentValues, Value>) {}
  public var wrappedValue: Value { fatalError() }
}

public typealias Action = @MainActor () -> Void
public struct ButtonRole: Sendable { public static var destructive: ButtonRole { fatalError() } }

@MainActor public struct Button: View {
  public init(action: @escaping Action, @ViewBuilder label: () -> some View) {}
  public init(role: ButtonRole, action: @escaping Action, @ViewBuilder label: () -> some View) {}
  public var body: Stub { return Stub() }
}

@MainActor public struct Section: View {
  public init(@ViewBuilder content: () -> some View) {}
  public init(@ViewBuilder content: () -> some View, @ViewBuilder header: () -> some View) {}
  public init(@ViewBuilder content: () -> some View, @ViewBuilder footer: () -> some View) {}
  public init(
    @ViewBuilder content: () -> some View, @ViewBuilder header: () -> some View, @ViewBuilder footer: () -> some View
  ) {}
  public var body: Stub { return Stub() }
}

@MainActor public struct DisclosureGroup: View {
  public init(@ViewBuilder content: () -> some View, @ViewBuilder label: () -> some View) {}
  public init(
    isExpanded: Binding<Bool>, @ViewBuilder content: () -> some View, @ViewBuilder label: () -> some View
  ) {}
  public var body: Stub { return Stub() }
}

@MainActor public struct ForEach: View {
  public init<Data: RandomAccessCollection>(_ data: Data, @ViewBuilder content: (Data.Element) -> some View)
  where Data.Element: Identifiable {}
  public init<Data: RandomAccessCollection>(
    _ data: Data, id: KeyPath<Data.Element, some Hashable>, @ViewBuilder content: (Data.Element) -> some View
  ) {}
  public var body: Stub { return Stub() }
}

public enum HorizontalAlignment { case leading, center, trailing }
public enum Axis { case horizontal, vertical }

@MainActor public struct VStack: View {
  public init(alignment: HorizontalAlignment = .center, spacing: Double? = nil, @ViewBuilder content: () -> some View) {}
  public var body: Stub { return Stub() }
}

@MainActor public struct HStack: View {
  public init(spacing: Double? = nil, @ViewBuilder content: () -> some View) {}
  public var body: Stub { return Stub() }
}

@MainActor public struct Form: View {
  public init(@ViewBuilder content: () -> some View) {}
  public var body: Stub { return Stub() }
}

@MainActor public struct NavigationStack: View {
  public init(@ViewBuilder root: () -> some View) {}
  public var body: Stub { return Stub() }
}

public enum ToolbarPlacement { case topBarLeading, topBarTrailing }

@MainActor public struct ToolbarItem: View {
  public init(placement: ToolbarPlacement, @ViewBuilder content: () -> some View) {}
  public var body: Stub { return Stub() }
}

@MainActor public struct Label: View {
  public init(@ViewBuilder title: () -> some View, @ViewBuilder icon: () -> some View) {}
  public var body: Stub { return Stub() }
}

@MainActor public struct Image: View {
  public init(systemName: String) {}
  public var body: Stub { return Stub() }
}

@MainActor public struct Text: View {
  public init(_ words: String) {}
  public var body: Stub { return Stub() }
}

@MainActor public struct Spacer: View {
  public init() {}
  public var body: Stub { return Stub() }
}

@MainActor public struct EmptyView: View {
  public init() {}
  public var body: Stub { return Stub() }
}

@MainActor public struct SecureField: View {
  public init(_ title: String, text: Binding<String>) {}
  public var body: Stub { return Stub() }
}

@MainActor public struct TextField: View {
  public init(_ title: String, text: Binding<String>, axis: Axis) {}
  public var body: Stub { return Stub() }
}

public enum DatePart { case date }

@MainActor public struct DatePicker: View {
  public init(selection: Binding<Date>, displayedComponents: DatePart, @ViewBuilder label: () -> some View) {}
  public var body: Stub { return Stub() }
}

@MainActor public struct ProgressView<Label: View>: View {
  public init() where Label == EmptyView {}
  public init<Number: BinaryFloatingPoint>(value: Number?, total: Number = 1, @ViewBuilder label: () -> Label) {}
  public var body: Stub { return Stub() }
}

public enum SystemColor { case systemBackground }

@MainActor public struct Color: View {
  public init(_ color: SystemColor) {}
  public var body: Stub { return Stub() }
}

public enum ContentType {}
public enum Capitalization { case never }
public enum KeyboardType { case numberPad, numbersAndPunctuation }
public enum TitleMode { case inline }
public enum LabelForm { case iconOnly }
public enum ButtonForm { case plain, borderless }
public enum Alignment { case leading }
public struct Rectangle {
  public init() {}
}
public enum Combining { case combine }
public enum Selectability { case enabled }
public enum ShapeStyle { case primary, secondary, red }
public struct Traits: ExpressibleByArrayLiteral {
  public init(arrayLiteral elements: Traits...) {}
  public static var isSelected: Traits { [] }
}
public struct Font {
  public static var title2: Font { Font() }
  public static var title3: Font { Font() }
  public static var headline: Font { Font() }
  public static var subheadline: Font { Font() }
  public static var footnote: Font { Font() }
  public func monospaced() -> Font { self }
}

extension View {
  public func font(_ font: Font) -> some View { Stub() }
  public func foregroundStyle(_ style: ShapeStyle) -> some View { Stub() }
  public func opacity(_ opacity: Double) -> some View { Stub() }
  public func lineLimit(_ lines: Int) -> some View { Stub() }
  public func lineLimit(_ lines: ClosedRange<Int>) -> some View { Stub() }
  public func ignoresSafeArea() -> some View { Stub() }
  public func buttonStyle(_ form: ButtonForm) -> some View { Stub() }
  public func disabled(_ disabled: Bool) -> some View { Stub() }
  public func frame(maxWidth: Double?, alignment: Alignment) -> some View { Stub() }
  public func contentShape(_ shape: Rectangle) -> some View { Stub() }
  public func labelStyle(_ form: LabelForm) -> some View { Stub() }
  public func textSelection(_ selection: Selectability) -> some View { Stub() }
  public func textContentType(_ type: ContentType?) -> some View { Stub() }
  public func autocorrectionDisabled() -> some View { Stub() }
  public func textInputAutocapitalization(_ capitalization: Capitalization) -> some View { Stub() }
  public func keyboardType(_ type: KeyboardType) -> some View { Stub() }
  public func privacySensitive() -> some View { Stub() }
  public func onChange<Value: Equatable>(of value: Value, _ action: @escaping (Value, Value) -> Void) -> some View {
    Stub()
  }
  public func accessibilityElement(children: Combining) -> some View { Stub() }
  public func accessibilityLabel(_ label: String) -> some View { Stub() }
  public func accessibilityAddTraits(_ traits: Traits) -> some View { Stub() }
  public func navigationTitle(_ title: String) -> some View { Stub() }
  public func navigationBarTitleDisplayMode(_ mode: TitleMode) -> some View { Stub() }
  public func toolbar(@ViewBuilder content: () -> some View) -> some View { Stub() }
  public func confirmationDialog(
    _ title: String, isPresented: Binding<Bool>, @ViewBuilder actions: () -> some View,
    @ViewBuilder message: () -> some View
  ) -> some View { Stub() }
}
